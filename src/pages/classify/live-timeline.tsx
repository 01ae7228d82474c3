import { Text } from '@mantine/core';
import type { Stretch } from '../../core/live/label-track';
import { useStores, useStoreValue } from '../../state/stores';
import { clock } from '../../ui/moment';
import own from './live.module.css';

/** Seconds from the left edge to the right. */
const width = 30;

/** The likeliest labels of the last half minute, the present at the right. */
export function LiveTimeline() {
  const { live } = useStores();
  const now = useStoreValue(live, (state) => state.now);
  const seen = useStoreValue(live, (state) => state.seen?.track);
  const heard = useStoreValue(live, (state) => state.heard?.track);
  const rows = [
    { name: 'Seen', track: seen ?? [] },
    { name: 'Heard', track: heard ?? [] },
  ].filter(({ track }) => track.length > 0);
  if (rows.length === 0) return null;
  return (
    <figure className={own.timeline} aria-label="Live timeline">
      {rows.map(({ name, track }) => (
        <div key={name} className={own.row}>
          <Text component="span" size="xs" c="dimmed" className={own.rowName}>
            {name}
          </Text>
          <ol className={own.track} aria-label={`${name}, the last ${width} seconds`}>
            {track
              .filter(({ to }) => now - to < width)
              .map((stretch) => (
                <li key={stretch.from} style={place(stretch, now)} title={`${stretch.label}, ${clock(stretch.from)}`}>
                  {stretch.label}
                </li>
              ))}
          </ol>
        </div>
      ))}
      <figcaption className={own.scale}>
        <span>{width} s ago</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function place({ from, to, label }: Stretch, now: number) {
  const left = Math.max(0, 1 - (now - from) / width);
  const right = Math.max(0, (now - to) / width);
  return {
    left: `${100 * left}%`,
    right: `${100 * right}%`,
    '--hue': `${hue(label)}`,
  } as React.CSSProperties;
}

/** One colour a label, the same each time. */
function hue(label: string): number {
  let sum = 0;
  for (const character of label) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return sum;
}
