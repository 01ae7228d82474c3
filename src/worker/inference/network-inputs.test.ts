import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedModels } from '../../../e2e/fixtures/shared-data';
import { tinySense, tinyTexts } from '../../../e2e/fixtures/tiny-senses';
import type { InputKind } from '../../extractors/extractor';
import { fixedBatches, runBatches, wasmBatches } from './batches';
import { nativeRuntime as runtime } from './native-runtime.fixture';
import { openNetwork } from './network';
import { selfTest } from './self-test';

/** Takes any number of features. */
const open = (model: Uint8Array, kind: InputKind) =>
  openNetwork(runtime, model, 'wasm', { accepts: [kind], dimensions: undefined });

describe('other inputs', () => {
  const values = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37));

  it('gives sound classes beside the features of patches, whatever the place of the channel', async () => {
    const items = values(3 * 96 * 64);
    const outputs = await Promise.all(
      [undefined, 'first', 'last'].map(async (channel) => {
        const shape = { kind: 'patches', ...(channel && { channel: channel as 'first' | 'last' }) } as const;
        return (await open(tinySense(shape, { output: 'both' }), 'patches')).run(items, 3);
      }),
    );
    expect(outputs[0]?.features.length).toBe(3 * 32);
    expect(outputs[0]?.scores).toMatchObject({ vocabulary: 'audioset', classes: 521 });
    expect(outputs[0]?.scores?.probabilities.length).toBe(3 * 521);
    for (const [i, value] of (outputs[0]?.features ?? []).entries()) {
      expect(outputs[1]?.features[i]).toBeCloseTo(value, 4);
      expect(outputs[2]?.features[i]).toBeCloseTo(value, 4);
    }
  });

  it.each([false, true])('makes as many rows of a waveform as come out, batched: %s', async (batched) => {
    const network = await open(tinySense({ kind: 'waveform', batched }), 'waveform');
    expect(await selfTest(network, network, fixedBatches(1))).toMatchObject({ passed: true });
    const { features } = await runBatches(network, values(4800), 1, fixedBatches(1));
    expect(features.length).toBe((4800 / 160) * 32);
  });

  it('runs clips of any layout and number of frames alike', async () => {
    const [frames, pixels] = [5, 16 * 16];
    const clip = values(frames * 3 * pixels);
    const colourFirst = Float32Array.from(clip, (_, i) => {
      const [colour, frame] = [Math.floor(i / (frames * pixels)), Math.floor(i / pixels) % frames];
      return clip[(frame * 3 + colour) * pixels + (i % pixels)] as number;
    });
    const run = async (layout: 'NCTHW' | 'NTCHW' | 'TCHW', items: Float32Array) =>
      (await open(tinySense({ kind: 'clip', layout }), 'clip')).run(items, 1);
    const [a, b, c] = [await run('NCTHW', colourFirst), await run('NTCHW', clip), await run('TCHW', clip)];
    expect(a.features.length).toBe(32);
    for (const [i, value] of a.features.entries()) {
      expect(b.features[i]).toBeCloseTo(value, 5);
      expect(c.features[i]).toBeCloseTo(value, 5);
    }
  });

  it('cuts a classifier of clips at its pooled tensor', async () => {
    const classifier = tinySense({ kind: 'clip', layout: 'NCTHW' }, { output: 'scores', classes: 400 });
    const network = await open(classifier, 'clip');
    expect(network.dimensions).toBe(3);
    const clip = new Float32Array(3 * 4 * 256).fill(1, 0, 4 * 256);
    expect(Array.from((await network.run(clip, 1)).features)).toEqual([1, 0, 0]);
  });

  it('cuts a classifier of pictures that has the features that are asked for', async () => {
    const model = tinySense({ kind: 'picture' }, { output: 'scores', classes: 1000 });
    const network = await openNetwork(runtime, model, 'wasm', { accepts: ['picture'], dimensions: 3 });
    const { features, scores } = await network.run(new Float32Array(3 * 256).fill(0.5), 1);
    expect(Array.from(features)).toEqual([0.5, 0.5, 0.5]);
    expect(scores?.probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    await expect(openNetwork(runtime, model, 'wasm', { accepts: ['picture'], dimensions: 2048 })).rejects.toMatchObject(
      { code: 'model-output-unsupported' },
    );
  });

  it.each([{}, { mask: true }, { type: 'int32' as const }])('reads texts: %j', async (options) => {
    const network = await openNetwork(runtime, tinyTexts(options), 'wasm', { accepts: ['tokens'], dimensions: 512 });
    expect(await selfTest(network, network, wasmBatches)).toMatchObject({ passed: true });
    const { features } = await network.run(new Float32Array(2 * 77).fill(7, 77), 2);
    expect(features.length).toBe(2 * 512);
    expect(features.slice(0, 512)).not.toEqual(features.slice(512));
  });

  it('passes every kind through the self-test', async () => {
    for (const [kind, model] of [
      ['patches', tinySense({ kind: 'patches' })],
      ['clip', tinySense({ kind: 'clip', layout: 'TCHW' })],
      ['clip', tinySense({ kind: 'clip', layout: 'NCTHW', frames: 16 })],
    ] as const) {
      const network = await open(model, kind);
      const rule = network.input.fixedBatch ? fixedBatches(network.input.fixedBatch) : wasmBatches;
      expect(await selfTest(network, network, rule)).toMatchObject({ passed: true });
    }
  });
});

describe.skipIf(!sharedModels)('real networks', () => {
  it.each([
    ['resnet50', 'picture', 2048, 'imagenet'],
    ['mobilenetv2_100_224.int8w', 'picture', 1280, 'imagenet'],
    ['yamnet_logmel', 'waveform', 64, undefined],
    ['yamnet_embed.int8w', 'patches', 1024, 'audioset'],
    ['movinet_a0_clip.int8w', 'clip', 480, undefined],
  ] as const)('%s gives features of a %s', async (file, kind, dimensions, vocabulary) => {
    const network = await open(readFileSync(`${sharedModels}/${file}.onnx`), kind);
    expect(network.dimensions).toBe(dimensions);
    const rule = fixedBatches(network.input.fixedBatch ?? 2);
    expect(await selfTest(network, network, rule)).toMatchObject({ passed: true });
    const { features, scores } = await network.run(
      new Float32Array((rule.sizes[0] as number) * network.itemLength).fill(0.1),
      rule.sizes[0] as number,
    );
    expect(features.length % dimensions).toBe(0);
    expect(scores?.vocabulary).toBe(vocabulary);
    await network.release();
  });
});
