import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sharedModels } from '../../e2e/fixtures/shared-data';
import golden from './fixtures/log-mel.json' with { type: 'json' };
import { createLogMel, melBands } from './log-mel';

function rowsOf(samples: Float32Array, block: number): Float32Array[] {
  const rows: Float32Array[] = [];
  const push = createLogMel(0.001, (row) => void rows.push(row.slice()));
  for (let at = 0; at < samples.length; at += block) push(samples.slice(at, at + block));
  return rows;
}

/** The signal of `fixtures/make_log_mel.py`. */
const chirp = Float32Array.from({ length: 4000 }, (_, i) => {
  const t = i / 16_000;
  return 0.5 * Math.sin(2 * Math.PI * (100 * t + 12_000 * t * t)) + 0.01 * Math.sin(2 * Math.PI * 1234.5 * t);
});

describe('log-mel spectrogram', () => {
  it.each([4000, 161, 1])('equals an independent one, in blocks of %i samples', (block) => {
    const rows = rowsOf(chirp, block);
    expect(rows).toHaveLength(23);
    for (const [i, expected] of golden.entries()) {
      for (const [band, value] of expected.entries())
        expect(Math.abs((rows[4 * i]?.[band] ?? 0) - value)).toBeLessThan(5e-4);
    }
  });

  const graph = join(sharedModels ?? '', 'yamnet_logmel.onnx');
  it.skipIf(!existsSync(graph))("equals YAMNet's own front end", async () => {
    const session = await InferenceSession.create(graph);
    const samples = Float32Array.from({ length: 48_000 }, (_, i) => Math.sin(i * i * 1e-5) * Math.cos(i / 9000));
    const [input] = session.inputNames;
    const [output] = session.outputNames;
    const results = await session.run({ [input as string]: new Tensor('float32', samples, [1, samples.length]) });
    const expected = results[output as string]?.data as Float32Array;
    const rows = rowsOf(samples, 4096);
    expect(rows.length * melBands).toBe(expected.length);
    rows.forEach((row, i) => {
      row.forEach((value, band) => {
        expect(Math.abs(value - (expected[i * melBands + band] as number))).toBeLessThan(2e-3);
      });
    });
  });
});
