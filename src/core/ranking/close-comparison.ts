import type { Metric } from '../feature';
import { type StructuredPicture, structuralSimilarity, structuredPicture } from '../similarity/structural-similarity';
import { tileFrames } from '../similarity/tile-frames';
import type { TimedFrames } from './best-moment';
import { chamferSimilarity, type FrameSet, frameSet } from './frame-sets';
import type { Distance, VectorStage } from './recipe';

/** Distances that look at the frames of each pair of videos. They are too dear for a whole library, so the best candidates
 * by vectors are compared by them. */
export type CloseDistance = Extract<Distance, 'chamfer' | 'ssim'>;

export function isClose(distance: Distance): distance is CloseDistance {
  return distance === 'chamfer' || distance === 'ssim';
}

/** A video as a close distance sees it. */
export type CloseView =
  | { readonly by: 'chamfer'; readonly set: FrameSet }
  | { readonly by: 'ssim'; readonly picture: StructuredPicture };

/** Rows of the picture that strips of colour make, whatever the number of frames. */
const stripRows = 20;

/** Undefined for a video without frames, and for a descriptor that the distance does not concern: only strips of colour
 * make a picture. */
export function closeView(
  distance: CloseDistance,
  stored: Pick<TimedFrames, 'frames' | 'count' | 'dimensions'>,
  metric: Metric,
  stages: readonly VectorStage[],
): CloseView | undefined {
  if (distance === 'chamfer') {
    const set = frameSet(stored, metric, stages);
    return set && { by: 'chamfer', set };
  }
  const { frames, count, dimensions } = stored;
  if (metric !== 'euclidean' || count === 0 || dimensions % 3 !== 0) return undefined;
  const picture = structuredPicture(tileFrames(frames, count, stripRows), stripRows, dimensions / 3, 3);
  return { by: 'ssim', picture };
}

/** Memory that a view takes. */
export function viewBytes(view: CloseView): number {
  if (view.by === 'chamfer') return view.set.rows.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { values, means, variances } = view.picture;
  return values.byteLength + means.byteLength + variances.byteLength;
}

/** Of two views by the same distance. */
export function closeSimilarity(a: CloseView, b: CloseView): number | undefined {
  if (a.by === 'chamfer') return b.by === 'chamfer' ? chamferSimilarity(a.set, b.set) : undefined;
  return b.by === 'ssim' ? structuralSimilarity(a.picture, b.picture) : undefined;
}

/** Similarities among some videos, row-major [n x n]; NaN where there is none. Where `firstOnly`, only those of the first
 * are made. */
export function amongVideos(
  count: number,
  of: (i: number, j: number) => number | undefined,
  firstOnly: boolean,
): Float64Array {
  const among = new Float64Array(count * count).fill(Number.NaN);
  for (let i = 0; i < (firstOnly ? 1 : count); i++) {
    for (let j = i; j < count; j++) {
      const value = of(i, j) ?? Number.NaN;
      among[i * count + j] = value;
      among[j * count + i] = value;
    }
  }
  return among;
}
