import { type ExamplesKey, judgeHead } from '../../core/classify/classify-report';
import { type Epoch, fitNetwork, type NetworkPart } from '../../core/classify/fit-network';
import { initialFrameLayers, initialLayers, type Layer, type TrainedHead } from '../../core/classify/head';
import { fitPreprocessing, preprocessedRows } from '../../core/classify/preprocessing';
import { type FrameRows, matrixRows, momentRows, pickedRows, type Rows } from '../../core/classify/rows';
import type { HeadSettings } from '../../core/classify/settings';
import { type Part, someOf, type TrainingData, trainingData } from '../../core/classify/training-data';
import { AppError } from '../../core/errors';
import {
  dataSetText,
  type EvaluationSet,
  evaluationSet,
  type LabelledVideo,
} from '../../core/evaluation/evaluation-set';
import type { CallOptions } from '../../protocol/progress';
import type { TrainArgs, TrainCheckpoint, TrainOutcome } from '../../protocol/train-api';
import type { FeatureSet } from '../feature-files/read-feature-files';
import { crc32 } from '../library/crc32';
import { inSlices, slices } from '../library/slices';
import { chooseDevice } from './device';
import { createNetwork } from './network';
import { scoresOf } from './scores';

/** Milliseconds between two reports of epochs. */
const reportEvery = 500;
/** Bytes of checkpoints written a second, so that keeping them costs little beside the training. */
const checkpointRate = 4e6;
/** Pairs of example and class that are tested: 256 MB of probabilities. */
const mostPairs = 64_000_000;

export type TrainingCalls = {
  readonly onEpochs: (epochs: readonly Epoch[]) => void;
  readonly onCheckpoint: (checkpoint: TrainCheckpoint) => void;
  readonly options: CallOptions;
};

/** Examples as they are to be learnt from. */
export type Examples = {
  readonly from: TrainArgs['examples']['from'];
  readonly videos: readonly LabelledVideo[];
  readonly vectors: Rows;
  readonly moments: FrameRows | undefined;
  readonly withoutVectors: number;
};

export function examplesOf(examples: TrainArgs['examples'], read: FeatureSet | undefined): Examples {
  if (examples.from === 'library') {
    const { videos, matrix, dimensions, withoutVectors, moments } = examples;
    const vectors = matrixRows(matrix, dimensions);
    return { from: 'library', videos, withoutVectors, vectors, moments: moments && momentRows(moments) };
  }
  if (!read) throw new Error('The files were not read');
  const { examples: videos, vectors, moments } = read;
  return { from: 'files', videos, vectors, moments, withoutVectors: 0 };
}

/** Divides, fits the preprocessing on the training part, trains, and tests. See `TrainApi.train`. */
export async function trainHead(
  { settings, checkpoint }: Pick<TrainArgs, 'settings' | 'checkpoint'>,
  examples: Examples,
  calls: TrainingCalls,
): Promise<TrainOutcome> {
  const { options } = calls;
  const { head: of, outcome } = settings;
  const set = evaluationSet(examples.videos);
  const rows = inOrder(examples, set, of);
  const key: ExamplesKey = { from: examples.from, hash: hashOf(set, inOrder(examples, set)) };
  const whole = trainingData(set, rows, settings.split);
  const { data, untested } = withinMemory(whole);
  const preprocessing = fitPreprocessing(rows, data.train.videos, settings.scaling);
  const features = (part: Part): Rows => pickedRows(preprocessedRows(rows, preprocessing), part.videos);
  const shared = { classes: data.classes, outcome, dimensions: examples.vectors.dimensions, preprocessing };

  let head: TrainedHead;
  let fitted: Awaited<ReturnType<typeof fitLayers>> | undefined;
  if (of.name === 'nearest-neighbours') {
    const { labels, labelStarts } = data.train;
    const all = features(data.train);
    const vectors = all.read(Int32Array.from({ length: all.count }, (_, i) => i));
    head = { ...shared, model: { ...of, vectors, labels, labelStarts } };
  } else {
    const reader =
      of.name === 'attention' || of.name === 'gru'
        ? { kind: of.name, units: of.units, scales: of.scales, ...momentShape(rows as FrameRows) }
        : undefined;
    const hidden = of.name === 'mlp' ? of.hidden : [];
    const sizes = [examples.vectors.dimensions, ...hidden, data.classes.length];
    const { seed } = settings.split;
    const initial = reader ? initialFrameLayers(reader, data.classes.length, seed) : initialLayers(sizes, seed);
    const part = (from: Part): NetworkPart => ({ ...from, features: features(from) });
    fitted = await fitLayers(
      initial,
      reader,
      of,
      { data, part, settings, checkpoint, hash: `${key.hash}, ${rows.dimensions}` },
      calls,
    );
    head = {
      ...shared,
      model: reader
        ? { name: 'frame-network', reading: reader, layers: fitted.layers }
        : { name: 'network', layers: fitted.layers },
    };
  }
  const ask = (part: Part) => scoresOf(head, features(part), options);
  const validated = data.validation.videos.length > 0 ? await ask(data.validation) : undefined;
  const judged = judgeHead({
    set,
    data,
    settings,
    examples: key,
    withoutVectors: examples.withoutVectors,
    untested,
    constant: preprocessing.standard?.factor.filter((factor) => factor === 0).length ?? 0,
    epoch: fitted?.epoch,
    epochs: fitted?.epochs ?? [],
    device: fitted?.device,
    probabilities: await ask(data.test),
    validated,
  });
  return { head, report: await inSlices(judged, slices(options), 'Testing', (share) => share) };
}

type Fitting = {
  readonly data: TrainingData;
  readonly part: (from: Part) => NetworkPart;
  readonly settings: TrainArgs['settings'];
  readonly checkpoint: TrainCheckpoint | undefined;
  readonly hash: string;
};

async function fitLayers(
  initial: readonly Layer[],
  reader: Parameters<typeof createNetwork>[1]['reader'],
  of: Exclude<HeadSettings, { name: 'nearest-neighbours' }>,
  { data, part, settings, checkpoint, hash }: Fitting,
  { onEpochs, onCheckpoint, options }: TrainingCalls,
) {
  if (checkpoint && checkpoint.dataHash !== hash) {
    throw new AppError('checkpoint-stale', 'The examples are not those of the training that was interrupted');
  }
  const device = await chooseDevice();
  const { descent, outcome, split } = settings;
  const count = data.train.videos.length;
  const batches = Math.ceil(count / Math.min(descent.batch, count));
  const epochs: Epoch[] = [...(checkpoint?.epochs ?? [])];
  const trainer = createNetwork(checkpoint?.state ?? initial, {
    outcome,
    penalty: of.l2 / count,
    learningRate: descent.learningRate,
    reader,
  });
  try {
    const steps = fitNetwork(trainer, {
      train: part(data.train),
      validation: data.validation.videos.length > 0 ? part(data.validation) : undefined,
      classCount: data.classes.length,
      dropped: droppedUnits(of, reader),
      dropout: of.name === 'logistic' ? 0 : of.dropout,
      outcome,
      descent,
      seed: split.seed,
      from: checkpoint?.position,
    });
    const pause = slices(options);
    const parameters = initial.reduce((sum, { weights, bias }) => sum + weights.length + bias.length, 0);
    const checkpointEvery = () => Math.max(1000, (16_000 * parameters) / checkpointRate, 2 * epochs.length);
    let [told, kept] = [performance.now(), performance.now()];
    let fresh: Epoch[] = [...epochs];
    for (;;) {
      const step = await steps.next();
      if (step.done) {
        onEpochs(fresh);
        return { ...step.value, epochs, device };
      }
      const { epoch, position } = step.value;
      if (epoch) {
        epochs.push(epoch);
        fresh.push(epoch);
      }
      const now = performance.now();
      if (fresh.length > 0 && now - told > reportEvery) {
        onEpochs(fresh);
        told = now;
        fresh = [];
      }
      if (now - kept > checkpointEvery()) {
        onCheckpoint({ dataHash: hash, position, state: await trainer.state(), epochs: [...epochs] });
        kept = performance.now();
      }
      const done = (position.epoch - 1) * batches + position.batches;
      const within = batches > 20 ? `, step ${position.batches} of ${batches}` : '';
      const stage = `Training, epoch ${Math.min(position.epoch, descent.epochs)} of at most ${descent.epochs}${within}`;
      const wait = pause(stage, done / (batches * descent.epochs));
      if (wait) await wait;
    }
  } finally {
    trainer.dispose();
  }
}

function droppedUnits(
  of: Exclude<HeadSettings, { name: 'nearest-neighbours' }>,
  reader: Parameters<typeof createNetwork>[1]['reader'],
): readonly number[] {
  if (of.name === 'mlp') return of.hidden;
  return reader ? [(reader.kind === 'attention' ? reader.width : reader.units) * reader.scales.length] : [];
}

const momentShape = ({ moments, width }: FrameRows) => ({ moments, width });

/** Rows in the order of a set's videos: of moments for heads that read them. */
function inOrder({ videos, vectors, moments }: Examples, set: EvaluationSet, of?: HeadSettings): Rows | FrameRows {
  const rowOf = new Map(videos.map(({ id }, row) => [id, row]));
  const order = Int32Array.from(set.videos, ({ id }) => rowOf.get(id) as number);
  if (of?.name !== 'attention' && of?.name !== 'gru') return pickedRows(vectors, order);
  if (moments) return pickedRows(moments, order);
  const reason = 'this head reads the moments of each video, and there are none with these features';
  throw new AppError('training-impossible', reason, { reason });
}

/** The data with a test part whose probabilities fit into memory: evenly many of it. */
function withinMemory(data: TrainingData): { readonly data: TrainingData; readonly untested: number } {
  const limit = Math.floor(mostPairs / data.classes.length);
  const test = someOf(data.test, limit);
  const validation = someOf(data.validation, limit);
  return { data: { ...data, test, validation }, untested: data.test.videos.length - test.videos.length };
}

/** Rows whose values count for a checksum of examples. */
const hashedRows = 256;

/** Of names, labels, groups and parts, and of the vectors: their length, and evenly some of their values. */
function hashOf(set: EvaluationSet, vectors: Rows): string {
  const { count, dimensions } = vectors;
  const some = Math.min(hashedRows, count);
  const values = vectors.read(Int32Array.from({ length: some }, (_, i) => Math.floor((i * count) / some)));
  const text = new TextEncoder().encode(`${dimensions}\n${dataSetText(set)}`);
  return crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), crc32(text)).toString(16);
}
