import { describe, expect, it } from 'vitest';
import type { TrainSettings } from '../../core/classify/settings';
import { seededRandom } from '../../core/random';
import { createGate } from '../../protocol/gate';
import type { Progress } from '../../protocol/progress';
import type { TrainCheckpoint } from '../../protocol/train-api';
import { examplesOf, trainHead } from './train-head';

const settings: TrainSettings = {
  head: { name: 'logistic', l2: 1 },
  outcome: 'one-label',
  scaling: 'standardise',
  split: { name: 'ratio', test: 0.5, validation: 0, seed: 1 },
  descent: { epochs: 1, batch: 8, learningRate: 0.01, patience: 1 },
};

/** `count` examples of as many labels as `classes`, vectors drawn about a corner each. */
function examples(count: number, classes: number, dimensions: number) {
  const random = seededRandom(5);
  const matrix = Float32Array.from(
    { length: count * dimensions },
    (_, i) => random() + (i % dimensions === Math.floor(i / dimensions) % classes ? 1 : 0),
  );
  const videos = Array.from({ length: count }, (_, i) => ({ id: `${i}`, path: `v${i}`, labels: [`c${i % classes}`] }));
  return { from: 'library', videos, matrix, dimensions, withoutVectors: 0 } as const;
}

const calls = () => {
  return { onEpochs: () => undefined, onCheckpoint: () => undefined, options: {} };
};

describe('a checkpoint', { timeout: 60_000 }, () => {
  it('is of these examples alone, whatever their names say', async () => {
    // Many steps an epoch: of very short epochs none is kept.
    const given = examples(1200, 3, 4);
    const kept: TrainCheckpoint[] = [];
    const long = { ...settings, descent: { ...settings.descent, epochs: 100_000 } };
    const stop = new AbortController();
    // Training goes on until where it stands was kept once.
    const training = trainHead({ settings: long, checkpoint: undefined }, examplesOf(given, undefined), {
      ...calls(),
      onCheckpoint: (checkpoint) => {
        kept.push(checkpoint);
        stop.abort();
      },
      options: { signal: stop.signal },
    });
    await expect(training).rejects.toMatchObject({ name: 'AbortError' });
    const [checkpoint] = kept;
    const position = { ...(checkpoint as TrainCheckpoint).position };
    const last = { ...settings, descent: { ...settings.descent, epochs: position.epoch } };
    const resumed = (of: typeof given) => trainHead({ settings: last, checkpoint }, examplesOf(of, undefined), calls());
    const { report } = await resumed(given);
    expect(report.epochs.length).toBeGreaterThanOrEqual(position.epoch - 1);
    await expect(resumed({ ...given, matrix: given.matrix.map((value) => value + 1) })).rejects.toMatchObject({
      code: 'checkpoint-stale',
    });
    await expect(resumed(examples(1200, 3, 6))).rejects.toMatchObject({ code: 'checkpoint-stale' });
  });
});

it('stands still while it is held, in the test too', async () => {
  const gate = createGate();
  const heard: Progress[] = [];
  const of = { ...settings, head: { name: 'nearest-neighbours', neighbours: 5 } as const };
  const training = trainHead({ settings: of, checkpoint: undefined }, examplesOf(examples(2000, 40, 8), undefined), {
    ...calls(),
    options: {
      gate,
      onProgress: (progress) => {
        if (progress.stage === 'Testing' && !heard.some(({ stage }) => stage === 'Testing')) gate.close();
        heard.push(progress);
      },
    },
  });
  const ended = training.then(() => 'ended');
  while (!heard.some(({ stage }) => stage === 'Testing')) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = heard.length;
  const waited = new Promise((resolve) => setTimeout(() => resolve('held'), 300));
  expect(await Promise.race([ended, waited])).toBe('held');
  expect(heard).toHaveLength(before);
  gate.open();
  expect(await ended).toBe('ended');
});
