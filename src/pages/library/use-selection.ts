import { useMemo, useRef, useState } from 'react';
import type { VideoRecord } from '../../core/video';

/** Which of the listed videos are selected. Indices are places in the list as it is filtered and sorted now. */
export type Selection = {
  readonly ids: ReadonlySet<string>;
  selectOnly(index: number): void;
  toggle(index: number): void;
  /** From the video that was selected last to this one. */
  extendTo(index: number): void;
  selectAll(): void;
  clear(): void;
};

export function useSelection(videos: readonly VideoRecord[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);

  return useMemo(() => {
    // What the filter hides must not be deleted unseen.
    const ids = new Set(videos.filter(({ id }) => chosen.has(id)).map(({ id }) => id));
    const idAt = (index: number) => videos[index]?.id;
    return {
      ids,
      selectOnly(index) {
        const id = idAt(index);
        if (id === undefined) return;
        anchor.current = id;
        setChosen(ids.size === 1 && ids.has(id) ? new Set() : new Set([id]));
      },
      toggle(index) {
        const id = idAt(index);
        if (id === undefined) return;
        anchor.current = id;
        const next = new Set(ids);
        if (!next.delete(id)) next.add(id);
        setChosen(next);
      },
      extendTo(index) {
        const from = Math.max(
          0,
          videos.findIndex(({ id }) => id === anchor.current),
        );
        const [low, high] = from < index ? [from, index] : [index, from];
        setChosen(new Set([...ids, ...videos.slice(low, high + 1).map(({ id }) => id)]));
      },
      selectAll: () => setChosen(new Set(videos.map(({ id }) => id))),
      clear: () => setChosen(new Set()),
    };
  }, [videos, chosen]);
}
