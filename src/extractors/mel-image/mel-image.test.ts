import { describe, expect, it } from 'vitest';
import { createLogMel } from '../log-mel';
import { extractor } from './mel-image-extractor';
import { createShrinkingRows, fitRows } from './time-slices';

const rate = 16_000;

async function describeSound(samples: Float32Array, block = 5000) {
  const listener = extractor.listen({ inference: undefined, signal: undefined });
  for (let at = 0; at < samples.length; at += block) {
    const part = samples.slice(at, at + block);
    expect((await listener.hear({ samples: part, sampleRate: rate, time: 2 + at / rate })).times).toHaveLength(0);
  }
  return listener.finish();
}

const chirp = (seconds: number) =>
  Float32Array.from({ length: seconds * rate }, (_, i) =>
    Math.sin(2 * Math.PI * (200 + (300 * i) / rate) * (i / rate)),
  );

describe('picture of a sound', () => {
  it('is the log-mel spectrogram where that has as many rows', async () => {
    const rows: number[] = [];
    const samples = chirp(2).subarray(0, 400 + 95 * 160);
    createLogMel(0.001, (row) => rows.push(...row))(samples);
    const { vectors, times } = await describeSound(samples, 777);
    expect([...times]).toEqual([2]);
    expect(vectors).toHaveLength(96 * 64);
    rows.forEach((value, i) => {
      expect(vectors[i]).toBeCloseTo(value, 5);
    });
  });

  it('is the mean of each slice of time in a long sound', async () => {
    const rows: Float32Array[] = [];
    const samples = chirp(40);
    createLogMel(0.001, (row) => rows.push(row.slice()))(samples);
    const { vectors } = await describeSound(samples);
    for (const slice of [0, 17, 95]) {
      const own = rows.slice(Math.round((slice * rows.length) / 96), Math.round(((slice + 1) * rows.length) / 96));
      for (const band of [0, 20, 63]) {
        const mean = own.reduce((sum, row) => sum + (row[band] as number), 0) / own.length;
        expect(Math.abs((vectors[slice * 64 + band] as number) - mean)).toBeLessThan(0.25);
      }
    }
  });

  it('takes the shortest sound, and silence', async () => {
    for (const samples of [new Float32Array(10).fill(0.1), new Float32Array(rate)]) {
      const { vectors } = await describeSound(samples);
      expect(vectors).toHaveLength(96 * 64);
      expect(vectors.every(Number.isFinite)).toBe(true);
    }
    expect((await describeSound(new Float32Array())).times).toHaveLength(0);
  });
});

it('keeps the means of a stream in bounded memory', () => {
  const rows = createShrinkingRows(1, 4);
  for (let i = 0; i < 9; i++) rows.add(Float32Array.of(i));
  // Eight rows in pairs of pairs; the ninth is short of another four.
  expect([...rows.finish()]).toEqual([1.5, 5.5]);
});

it('fits rows to more and to fewer', () => {
  expect([...fitRows(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 6)]).toEqual([1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6]);
  const fewer = fitRows(Float32Array.of(0, 3, 6), 1, 2);
  expect(fewer[0]).toBeCloseTo(1, 5);
  expect(fewer[1]).toBeCloseTo(5, 5);
});
