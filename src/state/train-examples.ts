import type { HeadSettings } from '../core/classify/settings';
import { AppError } from '../core/errors';
import type { TruthRow } from '../protocol/evaluation-api';
import type { TrainExamples } from '../protocol/train-api';
import type { Engine } from './engine';
import type { LibraryStore } from './library-store';

export type { TruthRow };

/** What a head is trained on: labelled videos with a vector in `space`, or features files. */
export type TrainSource =
  | { readonly from: 'library'; readonly space: string; readonly truth: readonly TruthRow[] }
  | { readonly from: 'files'; readonly files: readonly File[]; readonly space: string | undefined };

/** Moments of a video that heads over moments read at most. */
export const mostMoments = 16;

export const readsMoments = (head: HeadSettings['name']): boolean => head === 'attention' || head === 'gru';

/** The examples of a training as its worker takes them. */
export async function gatherExamples(
  engine: Pick<Engine, 'library'>,
  library: LibraryStore,
  source: TrainSource,
  head: HeadSettings['name'],
): Promise<TrainExamples> {
  if (source.from === 'files') return source;
  const { space, truth } = source;
  const known = truth.flatMap((row) => {
    const path = library.getState().video(row.id)?.path;
    return path === undefined ? [] : [{ ...row, path }];
  });
  const all = known.map(({ id }) => id);
  const read = readsMoments(head) ? await engine.library.moments({ space, ids: all, most: mostMoments }) : undefined;
  if (read?.ids.length === 0) {
    const reason =
      'this head reads the moments of videos, and none of the labelled ones has them stored with this descriptor';
    throw new AppError('training-impossible', reason, { reason });
  }
  const { ids, matrix, dimensions } = await engine.library.vectors({ space, ids: read?.ids ?? all });
  const byId = new Map(known.map((video) => [video.id, video]));
  return {
    from: 'library',
    videos: ids.flatMap((id) => byId.get(id) ?? []),
    matrix,
    dimensions,
    withoutVectors: known.length - ids.length,
    ...(read && { moments: read }),
  };
}
