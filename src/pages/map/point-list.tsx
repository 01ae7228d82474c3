import { Button, Group, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { filterVideos } from '../../core/filter-videos';
import type { VideoRecord } from '../../core/video';
import { MiddleCut } from '../../ui/middle-cut';
import classes from './map.module.css';

export type ListedPoint = { readonly point: number; readonly video: VideoRecord; readonly note: string };

type Props = {
  readonly points: readonly ListedPoint[];
  readonly selected: ReadonlySet<number>;
  readonly onFocus: (point: number | undefined) => void;
  readonly onOpen: (point: number) => void;
  readonly onSelect: (points: readonly number[], add: boolean) => void;
  readonly onDeselect: (point: number) => void;
};

const rowHeight = 36;

/** Every video of the map that its legend shows, to reach by keyboard: arrows move, Space selects, Enter opens. */
export function PointList({ points, selected, onFocus, onOpen, onSelect, onDeselect }: Props) {
  const [filter, setFilter] = useState('');
  const listed = useMemo(() => {
    if (filter.trim() === '') return points;
    const kept = new Set(
      filterVideos(
        points.map(({ video }) => video),
        filter,
      ).map(({ id }) => id),
    );
    return points.filter(({ video }) => kept.has(video.id));
  }, [points, filter]);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const focusNext = useRef<number>(undefined);
  const rows = useVirtualizer({
    count: listed.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useEffect(() => {
    const target = focusNext.current;
    if (target === undefined) return;
    const button = scroller.current?.querySelector<HTMLElement>(`button[data-index="${target}"]`);
    if (!button) return;
    focusNext.current = undefined;
    button.focus();
  });
  const onKeyDown = (index: number, event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -10,
      PageDown: 10,
      Home: -index,
      End: listed.length - 1 - index,
    };
    const step = steps[event.key];
    const one = listed[index];
    if (!one) return;
    if (step !== undefined) {
      const target = Math.max(0, Math.min(listed.length - 1, index + step));
      focusNext.current = target;
      setActive(target);
      rows.scrollToIndex(target);
    } else if (event.key === 'Enter') onOpen(one.point);
    else return;
    event.preventDefault();
  };
  const toggle = (point: number) => (selected.has(point) ? onDeselect(point) : onSelect([point], true));
  const first = listed[active] ? active : 0;
  return (
    <section aria-label="Videos on the map" className={classes.side}>
      <TextInput label="Filter" value={filter} onChange={(event) => setFilter(event.currentTarget.value)} />
      <Group gap={8} justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {listed.length.toLocaleString('en')} {listed.length === 1 ? 'video' : 'videos'}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          disabled={listed.length === 0}
          onClick={() =>
            onSelect(
              listed.map(({ point }) => point),
              false,
            )
          }
        >
          Select all listed
        </Button>
      </Group>
      <div className={classes.scroller} ref={scroller}>
        <ul aria-label="Points" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const one = listed[index];
            if (!one) return null;
            const { point, video, note } = one;
            return (
              <li
                key={video.id}
                aria-posinset={index + 1}
                aria-setsize={listed.length}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <button
                  type="button"
                  data-index={index}
                  aria-pressed={selected.has(point)}
                  aria-label={`${video.name}, ${note}`}
                  tabIndex={index === first ? 0 : -1}
                  onClick={() => toggle(point)}
                  onDoubleClick={() => onOpen(point)}
                  onKeyDown={(event) => onKeyDown(index, event)}
                  onFocus={() => {
                    setActive(index);
                    onFocus(point);
                  }}
                  onBlur={() => onFocus(undefined)}
                >
                  <MiddleCut text={video.name} />
                  <span className={classes.note}>{note}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
