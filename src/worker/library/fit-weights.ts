import { AppError } from '../../core/errors';
import { evaluationSet } from '../../core/evaluation/evaluation-set';
import { fitWeights, type WeightFit } from '../../core/evaluation/fit-weights';
import { membersOf } from '../../core/evaluation/protocols';
import { seededRandom } from '../../core/random';
import { isClose } from '../../core/ranking/close-comparison';
import type { EvaluationApi } from '../../protocol/evaluation-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import type { Catalogue } from './catalogue';
import { type Prepared, prepare } from './evaluate';
import { describedVideos, kernels } from './evaluation-scores';
import { inSlices, slices } from './slices';

const mostVideos = 1000;
const seed = 1;

/** Fits weights of descriptors; see `EvaluationApi.fitWeights`. */
export async function fitLibraryWeights(
  database: Database,
  catalogue: Catalogue,
  { recipe, ...basis }: Parameters<EvaluationApi['fitWeights']>[0],
  options: CallOptions = {},
): Promise<WeightFit> {
  options.onProgress?.({ stage: 'Reading vectors', fraction: undefined });
  // Early fusion has no scores of its own for each descriptor; frames are for the best candidates alone.
  const fusion = recipe.fusion.name === 'late' ? recipe.fusion : ({ name: 'late', normalisation: 'z-score' } as const);
  const distance = isClose(recipe.distance) ? 'own' : recipe.distance;
  const late = { ...recipe, fusion, distance };
  const { set: whole, spaces } = await prepare(database, catalogue, basis, late);
  const set = drawn(whole);
  if (set.groupCount < 2) {
    const reason = 'weights are fitted on labelled videos of at least two groups';
    throw new AppError('evaluation-empty', `Nothing to fit: ${reason}`, { reason });
  }
  const descriptors = describedVideos(spaces, set);
  const pause = slices(options);
  const steps = fitWeights({ set, descriptors, recipe: late, kernels, seed });
  let fraction = 0;
  return inSlices(steps, pause, 'Fitting weights', (share) => {
    fraction = Math.max(fraction, share);
    return fraction;
  });
}

/** The set, or so many of its groups that the number of videos stays bearable. */
function drawn(set: Prepared['set']): Prepared['set'] {
  if (set.videos.length <= mostVideos) return set;
  const random = seededRandom(seed);
  const members = membersOf(set.groups, set.groupCount);
  const shuffled = Array.from({ length: set.groupCount }, (_, group) => ({ group, place: random() }));
  shuffled.sort((a, b) => a.place - b.place);
  const taken: number[] = [];
  for (const { group } of shuffled) {
    const own = members(group);
    if (taken.length + own.length <= mostVideos) taken.push(...own);
  }
  return evaluationSet(taken.flatMap((video) => set.videos[video] ?? []));
}
