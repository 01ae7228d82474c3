import { describe, expect, it } from 'vitest';
import { planOutput, toClassScores } from './output-plan';

const output = (name: string, shape: readonly (number | string)[], type = 'float32') => ({ name, type, shape });
const picture = { kind: 'picture', dimensions: 2048, batch: undefined } as const;

describe('planOutput', () => {
  it.each([
    [[output('features', ['N', 2048]), output('logits', ['N', 1000])], 'features', 'vector'],
    [
      [output('last_hidden_state', ['N', 2048, 7, 7]), output('pooler_output', ['N', 2048, 1, 1])],
      'pooler_output',
      'channels-first',
    ],
    [[output('map', ['N', 7, 7, 2048]), output('x', ['N', 2048])], 'x', 'vector'],
    [[output('495', ['N', 2048, 1, 1])], '495', 'channels-first'],
    [[output('avg', [-1, 1, 1, 2048])], 'avg', 'channels-last'],
    [[output('out', [1, 2048])], 'out', 'vector'],
  ] as const)('chooses among %j', (outputs, name, kind) => {
    const plan = planOutput(outputs, { ...picture, batch: name === 'out' ? 1 : undefined });
    expect(plan?.features).toEqual({ name, kind, dimensions: 2048 });
  });

  it.each([
    ['patches', [output('embedding', [2048])], 1, 'vector'],
    ['patches', [output('embedding', ['N', 1, 2048])], undefined, 'channels-last'],
    ['clip', [output('tokens', [1, 197, 2048])], 1, 'channels-last'],
  ] as const)('of %s takes %j', (kind, outputs, batch, found) => {
    expect(planOutput(outputs, { kind, dimensions: 2048, batch })?.features.kind).toBe(found);
  });

  it('leaves open sizes to a run', () => {
    expect(planOutput([output('y', ['N', 'C', 'H', 'W'])], picture)).toBeUndefined();
  });

  it.each([
    ['class scores', [output('logits', ['N', 1000])], undefined],
    ['another width', [output('features', ['N', 1280])], undefined],
    ['one answer for all pictures', [output('hidden', [1, 2048])], undefined],
    ['a vector for all pictures', [output('hidden', [2048])], undefined],
    ['rows of a picture', [output('hidden', ['N', 50, 2048])], undefined],
    ['another batch size', [output('hidden', [1, 2048])], 4],
    ['half floats', [output('features', ['N', 2048], 'float16')], undefined],
  ])('refuses %s', (_, outputs, batch) => {
    expect(() => planOutput(outputs, { ...picture, batch })).toThrow(
      expect.objectContaining({ code: 'model-output-unsupported' }),
    );
  });

  it.each([
    ['picture', [output('features', ['N', 2048]), output('logits', ['N', 1000])], 'imagenet', 1000],
    ['picture', [output('logits', ['N', 1001]), output('features', ['N', 2048])], 'imagenet', 1001],
    ['patches', [output('embeddings', ['N', 2048]), output('scores', ['N', 521])], 'audioset', 521],
    ['waveform', [output('scores', ['rows', 521]), output('embeddings', ['rows', 2048])], 'audioset', 521],
  ] as const)('of a %s finds the class scores beside the features', (kind, outputs, vocabulary, size) => {
    expect(planOutput(outputs, { ...picture, kind })?.scores).toMatchObject({ vocabulary, size });
  });

  it('knows no vocabulary of other sizes', () => {
    const outputs = [output('features', ['N', 2048]), output('logits', ['N', 7])];
    expect(planOutput(outputs, picture)).toMatchObject({ features: { name: 'features' }, scores: undefined });
  });

  it('takes any number of features where the card leaves it open, but no scores', () => {
    const outputs = [output('logits', [1, 7]), output('hidden', [1, 2048]), output('features', [1, 480])];
    const wish = { kind: 'clip', dimensions: undefined, batch: 1 } as const;
    expect(planOutput(outputs, wish)?.features).toEqual({ name: 'features', kind: 'vector', dimensions: 480 });
    expect(() => planOutput([output('logits', [1, 7])], wish)).toThrow(/only class scores/);
  });
});

describe('toClassScores', () => {
  it('makes exclusive probabilities of logits and drops the background', () => {
    const logits = new Float32Array(1001).fill(-20);
    logits[0] = 1;
    logits[8] = 2;
    const { classes, probabilities } = toClassScores(logits, { name: 'x', vocabulary: 'imagenet', size: 1001 });
    expect(classes).toBe(1000);
    expect(probabilities[7]).toBeCloseTo(Math.E / (1 + Math.E), 5);
    expect(Math.max(...probabilities.subarray(8))).toBeLessThan(1e-6);
  });

  it('makes independent probabilities of the logits of sounds', () => {
    const logits = new Float32Array(2 * 521).fill(-9);
    logits[521 + 3] = 0;
    logits[521 + 4] = 2;
    const { probabilities } = toClassScores(logits, { name: 'x', vocabulary: 'audioset', size: 521 });
    expect(probabilities[521 + 3]).toBeCloseTo(0.5, 6);
    expect(probabilities[521 + 4]).toBeCloseTo(0.8808, 4);
  });

  it('leaves probabilities as they are', () => {
    const sounds = new Float32Array(521).fill(0.25);
    expect(toClassScores(sounds, { name: 'x', vocabulary: 'audioset', size: 521 }).probabilities).toEqual(sounds);
    const pictures = new Float32Array(1000).fill(0.001);
    expect(toClassScores(pictures, { name: 'x', vocabulary: 'imagenet', size: 1000 }).probabilities).toEqual(pictures);
  });
});
