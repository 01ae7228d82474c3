import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import classes from './library.module.css';
import { type CardHandlers, LibraryCard } from './library-card';
import type { Selection } from './use-selection';

const gap = 8;
/** Height of a card below its frame: name, facts, padding and border. */
const caption = 60;

type Props = {
  readonly videos: readonly VideoRecord[];
  readonly selection: Selection;
  readonly onDetails: (id: string) => void;
  readonly onSimilar: (id: string) => void;
  /** Of the selected videos, with the focus at this place. */
  readonly onDelete: (index: number) => void;
  /** Set before videos are deleted: the place that the focus goes to once they are gone. */
  readonly afterDelete: RefObject<number | undefined>;
};

/** The videos as a grid of which only the visible part exists. Arrow keys move, Space (a button's own key) selects, Enter opens. */
export function VideoGrid({ videos, selection, onDetails, onSimilar, onDelete, afterDelete }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizer, width } = useElementSize<HTMLUListElement>();
  const columns = Math.max(1, Math.floor((width + gap) / ((width < 600 ? 140 : 190) + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  const rowHeight = Math.round(((cardWidth - 10) * 9) / 16 + caption + gap);
  const [active, setActive] = useState(0);
  const focusNext = useRef<number>(undefined);

  const rows = useVirtualizer({
    count: Math.ceil(videos.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  });
  // Sizes are known, not measured: they must be recomputed when the width changes.
  useEffect(() => {
    if (rowHeight > 0) rows.measure();
  }, [rows, rowHeight]);

  const moveTo = (index: number) => {
    const target = Math.max(0, Math.min(videos.length - 1, index));
    focusNext.current = target;
    setActive(target);
    rows.scrollToIndex(Math.floor(target / columns));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: other videos are what a deletion leaves
  useEffect(() => {
    if (afterDelete.current !== undefined && videos.length > 0) moveTo(afterDelete.current);
    afterDelete.current = undefined;
  }, [videos]);

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
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -columns * 3,
      PageDown: columns * 3,
      Home: -index,
      End: videos.length - 1 - index,
    };
    const step = steps[event.key];
    const video = videos[index];
    if (!video) return;
    if (step !== undefined) {
      const target = Math.max(0, Math.min(videos.length - 1, index + step));
      moveTo(target);
      if (event.shiftKey) selection.extendTo(target);
    } else if (event.key === 'Enter') onDetails(video.id);
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selection.selectAll();
    else if (event.key.toLowerCase() === 's' && !event.ctrlKey && !event.metaKey) onSimilar(video.id);
    else if (event.key === 'Delete') {
      if (selection.ids.size === 0) selection.toggle(index);
      else onDelete(index);
    } else if (event.key === 'Escape') selection.clear();
    else return;
    event.preventDefault();
  };
  const onClick = (index: number, event: MouseEvent) => {
    // A double click opens the details; its second click must not undo the first.
    if (event.detail > 1) return;
    if (event.shiftKey) selection.extendTo(index);
    else if (event.ctrlKey || event.metaKey || event.detail === 0) selection.toggle(index);
    else selection.selectOnly(index);
  };

  // Cards are many and remember their props: the handlers they get must stay the same.
  const latest = useRef({ onClick, onKeyDown, onDetails, onSimilar });
  latest.current = { onClick, onKeyDown, onDetails, onSimilar };
  const handlers = useMemo<CardHandlers>(
    () => ({
      onClick: (index, event) => latest.current.onClick(index, event),
      onKeyDown: (index, event) => latest.current.onKeyDown(index, event),
      onFocus: setActive,
      onDetails: (id) => latest.current.onDetails(id),
      onSimilar: (id) => latest.current.onSimilar(id),
    }),
    [],
  );

  const first = videos[active] ? active : 0;
  return (
    <div className={classes.scroller} ref={scroller}>
      <ul ref={sizer} aria-label="Library" className={classes.list} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().flatMap((row) =>
          videos.slice(row.index * columns, (row.index + 1) * columns).map((video, column) => {
            const index = row.index * columns + column;
            return (
              <li
                key={video.id}
                aria-posinset={index + 1}
                aria-setsize={videos.length}
                className={classes.item}
                style={{
                  width: cardWidth,
                  height: rowHeight - gap,
                  transform: `translate(${column * (cardWidth + gap)}px, ${row.start}px)`,
                }}
              >
                <LibraryCard
                  video={video}
                  index={index}
                  selected={selection.ids.has(video.id)}
                  reachable={index === first}
                  handlers={handlers}
                />
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}
