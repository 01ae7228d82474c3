import { describe, expect, it } from 'vitest';
import type { Inference, NetworkInput } from './extractor';
import { melBands } from './log-mel';
import { listenWithNetwork, type MelNetwork } from './mel-listener';

const yamnet: MelNetwork = { hop: 48, offset: 0.001, padded: true };
const vggish: MelNetwork = { hop: 96, offset: 0.01, padded: false };

/** A network whose vectors are the first two numbers of each item; of a waveform it makes `rows` rows an item. */
function network(input: NetworkInput, rows = 1) {
  const asked: number[] = [];
  const inference: Inference = {
    modelHash: 'x',
    input,
    dimensions: 2,
    async run(items, count) {
      asked.push(count);
      const length = items.length / count;
      const features = new Float32Array(count * rows * 2);
      const probabilities = new Float32Array(count * rows * 3);
      for (let i = 0; i < count * rows; i++) {
        const own = i % rows === 0;
        features.set(own ? items.slice((i / rows) * length, (i / rows) * length + 2) : [9, 9], i * 2);
        probabilities.fill(own ? 0.25 : 1, i * 3, i * 3 + 3);
      }
      return { features, scores: { vocabulary: 'audioset', classes: 3, probabilities } };
    },
  };
  return { inference, asked };
}

async function listen(kind: MelNetwork, inference: Inference, samples: Float32Array, block = 5000) {
  const listener = listenWithNetwork(kind, { inference, signal: undefined });
  const times: number[] = [];
  const vectors: number[] = [];
  const probabilities: number[] = [];
  const take = (found: Awaited<ReturnType<typeof listener.finish>>) => {
    times.push(...found.times);
    vectors.push(...found.vectors);
    probabilities.push(...(found.scores?.probabilities ?? []));
  };
  for (let at = 0; at < samples.length; at += block) {
    take(await listener.hear({ samples: samples.slice(at, at + block), sampleRate: 16_000, time: 1 + at / 16_000 }));
  }
  take(await listener.finish());
  return { times, vectors, probabilities };
}

const ramp = (seconds: number) => Float32Array.from({ length: seconds * 16_000 }, (_, i) => i / 1e6);

describe('listenWithNetwork', () => {
  it('gives a moment for each 0.48 s, the last one completed by silence', async () => {
    const { inference, asked } = network({ kind: 'patches' });
    const { times, vectors, probabilities } = await listen(yamnet, inference, ramp(10));
    // (160,000 - 15,600) / 7,680 = 18.8 hops.
    expect(times).toHaveLength(20);
    expect(times[19]).toBeCloseTo(1 + 19 * 0.48, 9);
    expect(vectors).toHaveLength(40);
    expect(probabilities).toHaveLength(60);
    expect(asked).toEqual([16, 4]);
  });

  it.each([
    // Windows of a second go on every 0.48 s, those of ten seconds by half of themselves.
    [16_000, 10, 20, 0.48],
    [15_360, 3, 6, 0.48],
    [160_000, 16, 3, 5],
  ])('gives a waveform of %i samples as many, for sound of %i s', async (samples, seconds, count, hop) => {
    const { inference } = network({ kind: 'waveform', samples });
    const lengths: number[] = [];
    const spying: Inference = {
      ...inference,
      run: (items, many) => {
        lengths.push(items.length / many);
        return inference.run(items, many);
      },
    };
    const { times } = await listen(yamnet, spying, ramp(seconds));
    expect(new Set(lengths)).toEqual(new Set([samples]));
    expect(times).toHaveLength(count);
    expect((times[1] as number) - (times[0] as number)).toBeCloseTo(hop, 9);
  });

  it('leaves out what is short of a second patch where the network is not padded', async () => {
    const { inference } = network({ kind: 'patches' });
    expect((await listen(vggish, inference, ramp(1.9))).times).toEqual([1]);
    expect((await listen(vggish, inference, ramp(1.95))).times).toEqual([1, 1.96]);
    expect((await listen(vggish, inference, ramp(0.1))).times).toEqual([1]);
    expect((await listen(vggish, inference, new Float32Array())).times).toEqual([]);
  });

  it('cuts patches whose rows follow one another', async () => {
    let seen: Float32Array = new Float32Array();
    const { inference } = network({ kind: 'patches' });
    const spying: Inference = {
      ...inference,
      run: (items, count) => {
        seen = items.slice();
        return inference.run(items, count);
      },
    };
    await listen(yamnet, spying, ramp(1.5));
    const size = 96 * melBands;
    expect(seen.length).toBe(3 * size);
    expect(seen.slice(size, size + 48 * melBands)).toEqual(seen.slice(48 * melBands, size));
  });

  it.each([1, 3])(
    'gives a waveform network the samples under each patch, and takes its first of %i rows',
    async (rows) => {
      const { inference } = network({ kind: 'waveform', samples: undefined }, rows);
      const samples = ramp(2);
      const { times, vectors, probabilities } = await listen(yamnet, inference, samples, 777);
      expect(times).toHaveLength(4);
      for (const i of times.keys()) expect(vectors[2 * i]).toBe(samples[i * 7680]);
      expect(probabilities).toEqual(new Array(12).fill(0.25));
    },
  );

  it('needs its model', () => {
    expect(() => listenWithNetwork(yamnet, { inference: undefined, signal: undefined })).toThrowError(
      expect.objectContaining({ code: 'model-missing' }),
    );
  });
});
