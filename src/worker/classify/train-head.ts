import { judgeHead } from '../../core/classify/classify-report';
import { type Epoch, fitNetwork, type NetworkPart } from '../../core/classify/fit-network';
import { initialLayers, probabilities, type TrainedHead } from '../../core/classify/head';
import { neighbourVotes } from '../../core/classify/neighbours';
import { fitPreprocessing, type Preprocessing, preprocessed } from '../../core/classify/preprocessing';
import { type Part, targetsOf, trainingData } from '../../core/classify/training-data';
import { evaluationSet } from '../../core/evaluation/evaluation-set';
import type { CallOptions } from '../../protocol/progress';
import type { TrainApi, TrainArgs, VectorRows } from '../../protocol/train-api';
import { createGate, type Gate } from '../gate';
import { inSlices, slices } from '../library/slices';
import { checkProducts, createNetwork } from './network';

/** Milliseconds between two reports of epochs. */
const reportEvery = 500;

/** Trains one head at a time. */
export function createTraining(): TrainApi {
  const gate = createGate();
  return {
    async pause({ paused }) {
      if (paused) gate.close();
      else gate.open();
    },
    train(args, onEpochs, options = {}) {
      // Held by a training that has ended since.
      gate.open();
      return trainHead(args, onEpochs, options, gate);
    },
    predict: ({ head, rows }, options = {}) => predict(head, rows, options),
  };
}

async function trainHead(
  args: TrainArgs,
  onEpochs: (epochs: readonly Epoch[]) => void,
  options: CallOptions,
  gate: Gate,
): ReturnType<TrainApi['train']> {
  const { settings, dimensions, withoutVectors } = args;
  const pause = slices(options);
  const set = evaluationSet(args.videos);
  const matrix = inOrder(args, set.videos);
  const data = trainingData(set, { matrix, dimensions }, settings.split);
  const preprocessing = fitPreprocessing(matrix, dimensions, data.train.videos, settings.scaling);
  const features = (part: Part) => preprocessed(matrix, dimensions, part.videos, preprocessing);
  const epochs: Epoch[] = [];
  const { head: of, outcome } = settings;
  const shared = { classes: data.classes, outcome, dimensions, preprocessing };

  let head: TrainedHead;
  let epoch: number | undefined;
  if (of.name === 'nearest-neighbours') {
    const { labels, labelStarts } = data.train;
    head = { ...shared, model: { ...of, vectors: features(data.train), labels, labelStarts } };
  } else {
    await checkProducts();
    const hidden = of.name === 'mlp' ? of.hidden : [];
    const classCount = data.classes.length;
    const part = (from: Part): NetworkPart => ({
      ...from,
      features: features(from),
      targets: targetsOf(from, classCount, outcome === 'one-label'),
    });
    const trainer = createNetwork(initialLayers([dimensions, ...hidden, classCount], settings.split.seed), {
      outcome,
      penalty: of.l2 / data.train.videos.length,
      learningRate: settings.descent.learningRate,
    });
    try {
      const { descent } = settings;
      const batches = Math.ceil(data.train.videos.length / descent.batch);
      const steps = fitNetwork(trainer, {
        train: part(data.train),
        validation: data.validation.videos.length > 0 ? part(data.validation) : undefined,
        inputs: dimensions,
        classCount,
        hidden,
        dropout: of.name === 'mlp' ? of.dropout : 0,
        outcome,
        descent,
        seed: settings.split.seed,
      });
      let told = performance.now();
      let fresh: Epoch[] = [];
      for (let done = 0; ; ) {
        const step = await steps.next();
        if (step.done) {
          onEpochs(fresh);
          head = { ...shared, model: { name: 'network', layers: step.value.layers } };
          epoch = step.value.epoch;
          break;
        }
        if (step.value) {
          epochs.push(step.value);
          fresh.push(step.value);
          if (performance.now() - told > reportEvery) {
            onEpochs(fresh);
            told = performance.now();
            fresh = [];
          }
        } else done++;
        const stage = `Training, epoch ${epochs.length + 1} of at most ${descent.epochs}`;
        const wait = pause(stage, done / (batches * descent.epochs));
        if (wait) await wait;
        await gate.pass(options.signal);
      }
    } finally {
      trainer.dispose();
    }
  }
  const tested = await scores(head, features(data.test), options);
  const judged = judgeHead({
    set,
    data,
    settings,
    withoutVectors,
    constant: preprocessing.standard?.factor.filter((factor) => factor === 0).length ?? 0,
    epoch,
    epochs,
    probabilities: tested,
  });
  return { head, report: await inSlices(judged, pause, 'Testing', (share) => share) };
}

function predict(head: TrainedHead, { matrix, dimensions }: VectorRows, options: CallOptions): Promise<Float32Array> {
  const rows = Array.from({ length: matrix.length / dimensions }, (_, i) => i);
  return scores(head, preprocessed(matrix, dimensions, rows, head.preprocessing), options);
}

/** Probabilities of vectors as the head takes them. */
async function scores(head: TrainedHead, features: Float32Array, options: CallOptions): Promise<Float32Array> {
  const { model, classes, outcome, dimensions } = head;
  if (features.length === 0) return new Float32Array();
  if (model.name === 'nearest-neighbours') {
    const votes = neighbourVotes(model, features, dimensions, classes.length);
    return inSlices(votes, slices(options), 'Asking the neighbours', (share) => share);
  }
  const network = createNetwork(model.layers, { outcome, penalty: 0, learningRate: 0 });
  try {
    return probabilities(await network.logits(features), classes.length, outcome);
  } finally {
    network.dispose();
  }
}

const asTheyAre: Preprocessing = { root: false, standard: undefined };

/** Rows in the order of a set's videos. */
function inOrder({ videos, matrix, dimensions }: TrainArgs, wanted: TrainArgs['videos']): Float32Array {
  const rowOf = new Map(videos.map(({ id }, row) => [id, row]));
  return preprocessed(
    matrix,
    dimensions,
    wanted.map(({ id }) => rowOf.get(id) as number),
    asTheyAre,
  );
}
