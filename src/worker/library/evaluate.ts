import { sha256 } from 'hash-wasm';
import { AppError } from '../../core/errors';
import { type EvaluationProgress, evaluateFrameKnn, evaluateRanking } from '../../core/evaluation/evaluate';
import {
  dataSetText,
  type EvaluationSet,
  evaluationSet,
  type LabelledVideo,
} from '../../core/evaluation/evaluation-set';
import { galleryRule, type Protocol } from '../../core/evaluation/protocols';
import { recipeScores } from '../../core/evaluation/recipe-scores';
import type { EvaluationReport } from '../../core/evaluation/report';
import { isClose } from '../../core/ranking/close-comparison';
import { originalRecipe, presetOf } from '../../core/ranking/recipe';
import { recipeWords } from '../../core/ranking/recipe-words';
import type { EvaluateArgs, EvaluationApi, EvaluationBasis } from '../../protocol/evaluation-api';
import type { CallOptions } from '../../protocol/progress';
import { turn } from '../../protocol/turn';
import type { Database } from '../storage/database';
import type { Catalogue } from './catalogue';
import { describedVideos, descriptorsOf, frameSource, kernels, type Spaces, withFrames } from './evaluation-scores';
import { type Pause, slices } from './slices';

/** Evaluates stored vectors; see `LibraryApi.evaluate`. */
export async function evaluate(
  database: Database,
  catalogue: Catalogue,
  args: EvaluateArgs,
  options: CallOptions = {},
): Promise<EvaluationReport> {
  const clock = stopwatch();
  options.onProgress?.({ stage: 'Reading vectors', fraction: undefined });
  const prepared = await prepare(database, catalogue, args, recipeOf(args));
  const { set, descriptors, dataSetHash, withoutVectors } = prepared;
  checkParts(set, args.protocol, withoutVectors);
  const head = { name: args.name, created: new Date().toISOString(), dataSetHash, descriptors, withoutVectors };
  const { scorer, settings } = args;
  const shared = { set, settings, head };
  const leakage = args.leakage && args.protocol.name === 'group-excluded' && set.groupsKnown;
  const original = args.original && scorer.name === 'ranked' && presetOf(scorer.recipe) !== 'original';
  const part = 1 / (1 + Number(leakage) + Number(original));
  const pause = slices(options);

  const { report, loose } = await (async () => {
    const runner = await runnerOf(database, prepared, scorer, shared);
    clock.lap('read vectors');
    await turn();
    options.signal?.throwIfAborted();
    const own = await run(runner(args.protocol), pause, clock, 0, part);
    if (!leakage) return { report: own, loose: undefined };
    const beside = await run(runner({ name: 'leave-one-out' }), pause, stopwatch(), part, part);
    clock.lap('leave-one-out beside it');
    return { report: own, loose: beside };
  })();
  if (report.counts.answered === 0) throw nothing('no label is shared by two videos that may find one another');
  // The vectors of the ranking before are not kept beside these.
  const plain = original ? await plainly(database, catalogue, args, shared) : undefined;
  const mean = plain && (await run(plain(args.protocol), pause, stopwatch(), 1 - part, part));
  if (mean) clock.lap('original ranking beside it');
  return {
    ...report,
    ...(loose && { leakage: { summary: loose.summary } }),
    ...(mean && { original: { summary: mean.summary } }),
    runtime: clock.laps,
  };
}

/** Ranks the same videos by mean vectors. */
async function plainly(database: Database, catalogue: Catalogue, args: EvaluateArgs, shared: Shared): Promise<Runner> {
  const prepared = await prepare(database, catalogue, args, originalRecipe);
  return runnerOf(database, prepared, { name: 'ranked', recipe: originalRecipe }, { ...shared, set: prepared.set });
}

/** See `EvaluationApi.evaluationState`. */
export async function evaluationState(
  database: Database,
  catalogue: Catalogue,
  basis: EvaluationBasis,
): ReturnType<EvaluationApi['evaluationState']> {
  const { descriptors, dataSetHash, set } = await prepare(database, catalogue, basis);
  return { descriptors, dataSetHash, ids: set.videos.map(({ id }) => id) };
}

export type Prepared = {
  readonly set: EvaluationSet;
  readonly spaces: Spaces;
  readonly descriptors: EvaluationReport['descriptors'];
  readonly dataSetHash: string;
  readonly withoutVectors: number;
};

/** Errors: `features-missing`. */
export async function prepare(
  database: Database,
  catalogue: Catalogue,
  { truth, spaces }: EvaluationBasis,
  recipe = originalRecipe,
): Promise<Prepared> {
  const indexes = await Promise.all(
    spaces.map(async ({ key, weight }) => ({ key, weight, index: await catalogue.index(key, recipe, spaces.length) })),
  );
  const records = await catalogue.rows();
  const labelled = truth.flatMap(({ id, labels, group, split }): LabelledVideo[] => {
    const record = records.get(id);
    if (!record || record.removed !== undefined) return [];
    return [{ id, path: record.path, labels, ...(group !== undefined && { group }), ...(split && { split }) }];
  });
  const described = labelled.filter(({ id }) => indexes.some(({ index }) => index.get(id)));
  const set = evaluationSet(described);
  return {
    set,
    spaces: indexes,
    descriptors: await descriptorsOf(database, indexes, set),
    dataSetHash: await sha256(dataSetText(set)),
    withoutVectors: labelled.length - described.length,
  };
}

const nothing = (reason: string) => new AppError('evaluation-empty', `Nothing to evaluate: ${reason}`, { reason });

function checkParts(set: EvaluationSet, protocol: Protocol, withoutVectors: number): void {
  if (set.videos.length === 0) {
    throw nothing(withoutVectors > 0 ? 'no labelled video has vectors of this descriptor' : 'no video has a label');
  }
  const { queries, gallery } = galleryRule(set, protocol);
  if (protocol.name === 'official-split' && (queries.length === 0 || gallery.length === 0)) {
    throw nothing('the ground truth names no train and test videos (column Split, or UCF101’s lists)');
  }
  if (queries.length === 0) throw nothing('the protocol leaves no video to ask with');
  if (gallery.length === 0) throw nothing('the protocol leaves no video to be found');
}

type Shared = Pick<Parameters<typeof evaluateRanking>[0], 'set' | 'settings' | 'head'>;
type Runner = (protocol: Protocol) => Generator<EvaluationProgress, EvaluationReport>;

async function runnerOf(
  database: Database,
  { set, spaces }: Prepared,
  scorer: EvaluateArgs['scorer'],
  shared: Shared,
): Promise<Runner> {
  if (scorer.name === 'frame-knn') {
    const { scores, frameStarts } = await frameSource(database, spaces, set, scorer.neighbours);
    return (protocol) => evaluateFrameKnn({ ...shared, protocol, scorer, scores, frameStarts });
  }
  const { recipe } = scorer;
  const vectors = describedVideos(spaces, set);
  const described = isClose(recipe.distance)
    ? await withFrames(database, spaces, set, vectors, recipe.distance)
    : vectors;
  const [only] = described;
  const metric = described.length === 1 && only ? only.comparison.measure : 'fused';
  const used = { name: 'ranked', metric, stages: recipeWords(recipe, described.length), recipe } as const;
  return (protocol) => {
    const scores = recipeScores(described, recipe, galleryRule(set, protocol), kernels);
    return evaluateRanking({ ...shared, protocol, scorer: structuredClone(used), scores });
  };
}

const recipeOf = ({ scorer }: EvaluateArgs) => (scorer.name === 'ranked' ? scorer.recipe : originalRecipe);

/** Shares of the work, as a large evaluation takes them. */
const parts = { score: 0.96, intervals: 0.03, report: 0.01 } as const;
const before = { score: 0, intervals: parts.score, report: parts.score + parts.intervals } as const;
const words = { score: 'Ranking', intervals: 'Drawing intervals', report: 'Writing the report' } as const;

async function run(
  steps: ReturnType<Runner>,
  pause: Pause,
  clock: ReturnType<typeof stopwatch>,
  from: number,
  part: number,
): Promise<EvaluationReport> {
  let stage: EvaluationProgress['stage'] = 'score';
  for (;;) {
    const step = steps.next();
    if (step.done) {
      clock.lap(words[stage].toLowerCase());
      return step.value;
    }
    if (step.value.stage !== stage) {
      clock.lap(words[stage].toLowerCase());
      stage = step.value.stage;
    }
    const share = before[stage] + parts[stage] * step.value.fraction;
    const wait = pause(words[stage], from + part * share);
    if (wait) await wait;
  }
}

function stopwatch() {
  const laps: { stage: string; seconds: number }[] = [];
  let since = performance.now();
  return {
    laps,
    lap(stage: string): void {
      const now = performance.now();
      laps.push({ stage, seconds: (now - since) / 1000 });
      since = now;
    },
  };
}
