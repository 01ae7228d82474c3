import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nativeMissing } from '../../../e2e/fixtures/native-ffmpeg';
import { createResampler } from './resampler';

/** Half a second of tones and clicks. */
function signal(rate: number): Float32Array {
  return Float32Array.from({ length: rate / 2 }, (_, i) => {
    const t = i / rate;
    const click = i % 1777 === 0 ? 0.4 : 0;
    return 0.3 * Math.sin(2 * Math.PI * 440 * t) + 0.2 * Math.sin(2 * Math.PI * 6100 * t * (1 + t)) + click;
  });
}

function resample(samples: Float32Array, from: number, to: number, block: number): Float32Array {
  const { push, flush } = createResampler(from, to);
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += block) parts.push(...push(samples.subarray(at, at + block)));
  return Float32Array.from([...parts, ...flush()]);
}

describe('createResampler', () => {
  it.skipIf(nativeMissing).each([
    [44_100, 16_000],
    [48_000, 16_000],
    [48_000, 44_100],
    [22_050, 44_100],
    [8_000, 16_000],
    [11_025, 16_000],
    [16_000, 16_000],
  ])('gives what ffmpeg gives: %i to %i Hz', (from, to) => {
    const samples = signal(from);
    const raw = ['-f', 'f32le', '-ar', `${from}`, '-ac', '1', '-i', 'pipe:0'];
    const { stdout } = spawnSync('ffmpeg', ['-v', 'error', ...raw, '-ar', `${to}`, '-f', 'f32le', 'pipe:1'], {
      input: Buffer.from(samples.buffer),
      maxBuffer: 2 ** 26,
    });
    const expected = new Float32Array(new Uint8Array(stdout).buffer);
    const found = resample(samples, from, to, 1000);
    expect(Math.abs(found.length - expected.length)).toBeLessThanOrEqual(2);
    let [error, power] = [0, 0];
    const edge = Math.ceil(to / 100);
    for (let i = edge; i < Math.min(found.length, expected.length) - edge; i++) {
      error += ((found[i] as number) - (expected[i] as number)) ** 2;
      power += (expected[i] as number) ** 2;
    }
    expect(Math.sqrt(error / power)).toBeLessThan(1e-3);
  });

  it('does not depend on the blocks it gets', () => {
    const samples = signal(44_100);
    const whole = resample(samples, 44_100, 16_000, samples.length);
    expect(resample(samples, 44_100, 16_000, 1)).toEqual(whole);
    expect(whole.length).toBe(8000);
  });

  it('takes a stream shorter than its filter, and an empty one', () => {
    expect(resample(Float32Array.of(1, 1, 1), 44_100, 16_000, 3).every(Number.isFinite)).toBe(true);
    expect(resample(new Float32Array(), 44_100, 16_000, 1)).toHaveLength(0);
  });
});
