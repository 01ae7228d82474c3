import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convolutionalNetwork } from '../../../e2e/fixtures/convolutional-network';
import { sharedModels } from '../../../e2e/fixtures/shared-data';
import { tinyNetwork } from '../../../e2e/fixtures/tiny-network';
import { inHalfFloats } from './half-floats';
import { nativeRuntime as runtime } from './native-runtime.fixture';
import { openNetwork } from './network';
import { readOnnx } from './onnx-model';
import { selfTest } from './self-test';

const wish = { accepts: ['picture'], dimensions: undefined } as const;

/** The least cosine of the features of a network and its copy, or why the copy is none. */
async function compare(file: Uint8Array) {
  const half = await inHalfFloats(runtime, file);
  if (!half) throw new Error('no copy');
  const [network, copy] = await Promise.all([file, half].map((model) => openNetwork(runtime, model, 'wasm', wish)));
  if (!network || !copy) throw new Error('not opened');
  expect(copy.input).toEqual(network.input);
  expect(copy.dimensions).toBe(network.dimensions);
  return { half, result: await selfTest(copy, network, { sizes: [1, 2], pad: false }) };
}

describe('inHalfFloats', () => {
  it('writes a copy of half the size that describes alike', async () => {
    const file = convolutionalNetwork();
    const { half, result } = await compare(file);
    expect(result).toMatchObject({ passed: true, similarity: expect.closeTo(1, 4) });
    expect(half.length / file.length).toBeCloseTo(0.5, 2);
    const { nodes } = readOnnx(half);
    expect(nodes.filter(({ type }) => type === 'Cast')).toHaveLength(2);
  });

  it.each(['column', 'row', 'map-nchw', 'map-nhwc', 'vector-and-logits'] as const)(
    'keeps inputs and outputs as they are: %s',
    async (output) => {
      expect((await compare(tinyNetwork({ output }))).result).toMatchObject({ passed: true });
    },
  );

  it('makes none of a network with an operator that it does not know', async () => {
    expect(await inHalfFloats(runtime, tinyNetwork({ unknownOperator: 'Sharpen' }))).toBeUndefined();
  });

  it.skipIf(!sharedModels).each(['resnet50.onnx', 'mobilenetv2_100_224.int8w.onnx'])(
    'describes alike by the real %s',
    async (name) => {
      const { result } = await compare(readFileSync(join(sharedModels as string, name)));
      expect(result).toMatchObject({ passed: true, similarity: expect.closeTo(1, 3) });
    },
  );
});
