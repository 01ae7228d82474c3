import { describe, expect, it } from 'vitest';
import { tinyNetwork } from '../../../e2e/fixtures/tiny-network';
import { tinyPictures, tinySense, tinyTexts } from '../../../e2e/fixtures/tiny-senses';
import { fixedBatches, gpuBatches, runBatches, wasmBatches } from './batches';
import { nativeRuntime as runtime } from './native-runtime.fixture';
import { openNetwork } from './network';
import { selfTest } from './self-test';

const open = (model: Uint8Array) => openNetwork(runtime, model, 'wasm', { accepts: ['picture'], dimensions: 2048 });
const side = 224;

function pictures(count: number): Float32Array {
  return Float32Array.from({ length: count * 3 * side * side }, (_, i) => Math.sin(i * 0.013) + Math.sin(i * 0.0007));
}

/** The same pictures with colour as the last axis. */
function channelsLast(items: Float32Array, count: number): Float32Array {
  const plane = side * side;
  return Float32Array.from(items, (_, i) => {
    const item = Math.floor(i / (3 * plane));
    const pixel = Math.floor((i % (3 * plane)) / 3);
    return items[item * 3 * plane + (i % 3) * plane + pixel] as number;
  }).subarray(0, count * 3 * plane);
}

describe('openNetwork', () => {
  it.each(['column', 'row', 'map-nchw', 'map-nhwc', 'vector-and-logits'] as const)(
    'gives the same features from a %s output',
    async (output) => {
      const items = pictures(2);
      const { features: expected } = await (await open(tinyNetwork())).run(items, 2);
      const { features } = await (await open(tinyNetwork({ output, outputName: 'out' }))).run(items, 2);
      expect(features.length).toBe(2 * 2048);
      for (let i = 0; i < features.length; i++) expect(features[i]).toBeCloseTo(expected[i] as number, 4);
    },
  );

  it('takes pictures with colour last', async () => {
    const items = pictures(2);
    const { features: expected } = await (await open(tinyNetwork())).run(items, 2);
    const network = await open(tinyNetwork({ layout: 'NHWC' }));
    expect(network.input).toMatchObject({ layout: 'NHWC', width: 224, height: 224, fixedBatch: undefined });
    const { features } = await network.run(channelsLast(items, 2), 2);
    for (let i = 0; i < features.length; i++) expect(features[i]).toBeCloseTo(expected[i] as number, 4);
  });

  it('says which operator is missing', async () => {
    await expect(open(tinyNetwork({ unknownOperator: 'Sharpen' }))).rejects.toMatchObject({
      code: 'model-operator-unsupported',
      details: { operator: 'Sharpen' },
    });
  });

  it('refuses a network of class scores', async () => {
    await expect(open(tinyNetwork({ output: 'logits' }))).rejects.toMatchObject({
      code: 'model-output-unsupported',
      message: expect.stringContaining('class scores'),
    });
  });

  it.each([
    ['nothing', new Uint8Array(), /cut short/],
    ['a web page', new TextEncoder().encode('<!doctype html><title>Not found</title>'), /cut short/],
    ['half a file', tinyNetwork().subarray(0, 100_000), /cut short/],
    ['weights in another file', tinyNetwork({ externalWeights: 'resnet50.onnx_data' }), /file, resnet50\.onnx_data,/],
    ['a network of sound', tinySense({ kind: 'patches' }), /takes input \[N, 96, 64\], not pictures/],
    ['a network of texts', tinyTexts(), /takes input_ids int64 \[B, 77\], not pictures/],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'model-invalid',
      details: { reason: expect.stringMatching(reason) },
    });
  });

  it('refuses other features, and names what there is', async () => {
    await expect(open(tinyPictures())).rejects.toMatchObject({
      code: 'model-output-unsupported',
      details: { outputs: 'image_embeds [N, 512]', dimensions: 2048 },
    });
  });
});

describe('runBatches', () => {
  it.each([
    ['unpadded', {}, wasmBatches],
    ['padded to a few sizes', {}, gpuBatches],
    ['one by one where the file says so', { batch: 1 }, fixedBatches(1)],
    ['padded to the only size', { batch: 4 }, fixedBatches(4)],
  ] as const)('gives what single runs give: %s', async (_, options, rule) => {
    const count = 11;
    const items = pictures(count);
    const reference = await open(tinyNetwork());
    const network = await open(tinyNetwork(options));
    const { features } = await runBatches(network, items, count, rule);
    expect(features.length).toBe(count * 2048);
    for (const item of [0, 4, 10]) {
      const length = network.itemLength;
      const { features: expected } = await reference.run(items.slice(item * length, (item + 1) * length), 1);
      for (let d = 0; d < 2048; d++) expect(features[item * 2048 + d]).toBeCloseTo(expected[d] as number, 4);
    }
  });
});

it('sees a cancel that arrives while a batch runs', async () => {
  const controller = new AbortController();
  let runs = 0;
  const network = {
    run: async (items: Float32Array) => {
      runs++;
      setTimeout(() => controller.abort(), 0);
      return { features: items, scores: undefined };
    },
  };
  const running = runBatches(network, new Float32Array(100), 100, wasmBatches, controller.signal);
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(runs).toBe(1);
});

describe('selfTest', () => {
  it('passes a network that agrees in every batch size', async () => {
    const network = await open(tinyNetwork());
    expect(await selfTest(network, network, gpuBatches)).toMatchObject({ passed: true, slow: false });
  });

  it('fails a file that gives no numbers', async () => {
    const network = await open(tinyNetwork({ notNumbers: true }));
    expect(await selfTest(network, network, fixedBatches(1))).toEqual({
      passed: false,
      reason: 'it gave values that are no numbers',
    });
  });

  it('fails other weights, zeros, no-numbers and mixed-up batches', async () => {
    const reference = await open(tinyNetwork());
    const other = await open(tinyNetwork({ seed: 2 }));
    expect(await selfTest(other, reference, gpuBatches)).toMatchObject({ passed: false });
    const altered = (change: (features: Float32Array, count: number) => Float32Array) => ({
      ...reference,
      run: async (items: Float32Array, count: number) => {
        const output = await reference.run(items, count);
        return { ...output, features: change(output.features, count) };
      },
    });
    expect(
      await selfTest(
        altered((features) => features.fill(0)),
        reference,
        gpuBatches,
      ),
    ).toEqual({ passed: false, reason: 'it gave only zeros' });
    expect(
      await selfTest(
        altered((features) => features.fill(Number.NaN)),
        reference,
        gpuBatches,
      ),
    ).toEqual({ passed: false, reason: 'it gave values that are no numbers' });
    const rolled = altered((features, count) => {
      if (count === 1) return features;
      const last = features.slice(-2048);
      features.copyWithin(2048, 0);
      features.set(last);
      return features;
    });
    expect(await selfTest(rolled, reference, gpuBatches)).toMatchObject({
      passed: false,
      reason: expect.stringContaining('batch of 8'),
    });
  });
});
