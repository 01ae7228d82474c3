import { describe, expect, it } from 'vitest';
import { extractor } from './audio-statistics-extractor';
import { createMagnitudes } from './dft';
import golden from './fixtures/golden.json' with { type: 'json' };

const rate = 44_100;
const context = { inference: undefined, signal: undefined };

/** The signals of `fixtures/make_golden.py`. */
const bothWays = (values: Float64Array) => Float32Array.from([...values, ...values.map((value) => -value)]);
const over = (seconds: number, value: (time: number, index: number) => number) =>
  Float64Array.from({ length: Math.floor(seconds * rate) }, (_, i) => value(i / rate, i));

function music(): Float32Array {
  const tones = [220, 277.18, 329.63, 880];
  return bothWays(
    over(1.7, (t) => {
      const beat = (t * 2.5) % 1 < 0.2 ? 1 : 0.15;
      return beat * tones.reduce((sum, tone, i) => sum + Math.sin(2 * Math.PI * tone * t) / (i + 2), 0);
    }),
  );
}

function hiss(): Float32Array {
  let state = 7;
  return bothWays(
    over(0.6, (t, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = state / 2 ** 31 - 1;
      return i < Math.floor(rate / 4) ? 0 : 0.3 * noise * (1 + Math.sin(2 * Math.PI * 3 * t));
    }),
  );
}

async function describeSound(samples: Float32Array, block: number) {
  const listener = extractor.listen(context);
  for (let at = 0; at < samples.length; at += block) {
    const part = samples.slice(at, at + block);
    const { times } = await listener.hear({ samples: part, sampleRate: rate, time: 2 + at / rate });
    expect(times.length).toBe(0);
  }
  return listener.finish();
}

function mean(vectors: Float32Array, count: number): number[] {
  return Array.from({ length: 138 }, (_, d) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += vectors[i * 138 + d] as number;
    return sum / count;
  });
}

describe('the 138 audio statistics', () => {
  it.each([
    ['music', music(), 4],
    ['hiss', hiss(), 2],
  ] as const)('equal those of an independent implementation: %s', async (name, samples, moments) => {
    const { vectors, times } = await describeSound(samples, 10_007);
    expect([...times]).toEqual(Array.from({ length: moments }, (_, i) => 2 + i));
    const found = mean(vectors, moments);
    const expected = golden[name];
    expect(expected).toHaveLength(138);
    found.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number)), `value ${i}`).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(expected[i] as number)),
      );
    });
  });

  it('do not depend on the level or on the blocks the sound comes in', async () => {
    const sound = music();
    const one = await describeSound(sound, sound.length);
    const other = await describeSound(
      sound.map((value) => value / 4),
      777,
    );
    other.vectors.forEach((value, i) => {
      expect(value).toBeCloseTo(one.vectors[i] as number, 3);
    });
  });

  it('are finite for silence, and for sound shorter than a frame', async () => {
    for (const samples of [new Float32Array(rate * 2), new Float32Array(10).fill(0.5)]) {
      const { vectors, times } = await describeSound(samples, 4096);
      expect(times.length).toBeGreaterThan(0);
      expect(vectors.every(Number.isFinite)).toBe(true);
    }
    expect((await extractor.listen(context).finish()).times).toHaveLength(0);
  });
});

it('transforms any length', () => {
  const length = 45;
  const samples = Float32Array.from({ length }, (_, i) => Math.sin(i * i));
  const found = new Float64Array(22);
  createMagnitudes(length, 22)(samples, found);
  for (const [bin, value] of found.entries()) {
    let [re, im] = [0, 0];
    for (const [i, sample] of samples.entries()) {
      re += sample * Math.cos((2 * Math.PI * bin * i) / length);
      im -= sample * Math.sin((2 * Math.PI * bin * i) / length);
    }
    expect(value).toBeCloseTo(Math.hypot(re, im), 9);
  }
});
