import { Button, useComputedColorScheme } from '@mantine/core';
import { markOf, markPath } from '../../ui/point-map/marks';
import classes from './map.module.css';
import type { LegendEntry } from './map-colours';

type Props = {
  readonly entries: readonly LegendEntry[];
  /** Names of the groups that are hidden. */
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (hidden: ReadonlySet<string>) => void;
};

/** What the marks mean. A click hides a group, or shows it again; with Shift, or by a double click, it is shown alone. */
export function MapLegend({ entries, hidden, onHide }: Props) {
  const scheme = useComputedColorScheme('light');
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onHide(next);
  };
  const only = (name: string) => onHide(new Set(entries.map((entry) => entry.name).filter((other) => other !== name)));
  return (
    <ul className={classes.legend} aria-label="Legend">
      {entries.map(({ name, mark, count }) => {
        const { colour, shape } = markOf(mark, scheme);
        const drawn = markPath({ colour, shape }, 5);
        return (
          <li key={name}>
            <button
              type="button"
              aria-pressed={!hidden.has(name)}
              title="Click to hide or show; Shift and click to show alone"
              onClick={(event) => (event.shiftKey ? only(name) : toggle(name))}
              onDoubleClick={() => only(name)}
            >
              <svg width={16} height={16} viewBox="-8 -8 16 16" aria-hidden="true">
                <path d={drawn} fill={shape === 'ring' ? 'none' : colour} stroke={colour} />
              </svg>
              {name} <span className={classes.count}>{count.toLocaleString('en')}</span>
            </button>
          </li>
        );
      })}
      {hidden.size > 0 && (
        <li>
          <Button size="compact-xs" variant="default" onClick={() => onHide(new Set())}>
            Show all
          </Button>
        </li>
      )}
    </ul>
  );
}
