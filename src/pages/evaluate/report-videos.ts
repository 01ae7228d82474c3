import { useMemo } from 'react';
import type { EvaluationReport } from '../../core/evaluation/report';
import { pathMatcher } from '../../core/path-suffix';
import { useStores, useStoreValue } from '../../state/stores';

/** Which library video each video of a report is: by content, else by path; undefined for those that are not here. */
export function useReportVideos({ dataSet }: EvaluationReport): (video: number | undefined) => string | undefined {
  const { library } = useStores();
  const videos = useStoreValue(library, (state) => state.videos);
  const byId = useStoreValue(library, (state) => state.byId);
  return useMemo(() => {
    let match: ReturnType<typeof pathMatcher> | undefined;
    return (video) => {
      const entry = video === undefined ? undefined : dataSet.videos[video];
      if (!entry) return undefined;
      if (byId.has(entry.id)) return entry.id;
      match ??= pathMatcher(videos);
      const found = match(entry.path);
      return found.kind === 'match' ? found.id : undefined;
    };
  }, [dataSet, byId, videos]);
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
