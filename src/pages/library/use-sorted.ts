import { useEffect, useMemo, useRef } from 'react';
import type { VideoRecord } from '../../core/video';
import { type SortKey, sortVideos } from './sort-videos';

/** The videos in order, sorted from the order that was shown before. */
export function useSorted(videos: readonly VideoRecord[], key: SortKey): readonly VideoRecord[] {
  const before = useRef<readonly VideoRecord[]>([]);
  const sorted = useMemo(() => sortVideos(videos, key, before.current), [videos, key]);
  useEffect(() => {
    before.current = sorted;
  }, [sorted]);
  return sorted;
}
