import { describe, expect, it } from 'vitest';
import { convolutionalNetwork } from '../../../../e2e/fixtures/convolutional-network';
import { tinyPictures } from '../../../../e2e/fixtures/tiny-senses';
import { toNetworkInput } from '../../../extractors/network-input';
import { nativeRuntime as runtime } from '../native-runtime.fixture';
import { openNetwork } from '../network';
import { readOnnx } from '../onnx-model';
import { concat, messageField, numberField, textField } from '../protobuf-writer';
import { calibrationPicture } from './calibration-pictures';
import { measureRanges } from './measure-ranges';
import { quantiseNetwork } from './quantise-network';

const side = 224;
const wish = { accepts: ['picture'], dimensions: undefined } as const;

function pictures(first: number, count: number): Float32Array {
  const data = new Uint8Array(count * side * side * 3);
  for (let i = 0; i < count; i++) data.set(calibrationPicture(side, side, first + i), i * side * side * 3);
  const batch = { data, count, width: side, height: side, times: new Float64Array(count) };
  return toNetworkInput(batch, { layout: 'NCHW', channels: 'RGB', normalisation: 'torchvision' });
}

async function quantise(file: Uint8Array): Promise<Uint8Array> {
  const network = await openNetwork(runtime, file, 'wasm', wish);
  return quantiseNetwork(runtime, file, (withOutputs, tensors) =>
    measureRanges(runtime, withOutputs, tensors, {
      plan: network.input,
      batches: 8,
      batch: async (index) => ({ items: pictures(index, 1), count: 1 }),
    }),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, ownA, ownB] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] as number;
    product += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  return product / Math.sqrt(ownA * ownB);
}

describe('quantiseNetwork', () => {
  it('writes a copy of bytes that describes alike', async () => {
    const file = convolutionalNetwork();
    const copy = await quantise(file);
    expect(copy.length).toBeLessThan(file.length / 3);
    const { nodes } = readOnnx(copy);
    const types = (type: string) => nodes.filter((node) => node.type === type).length;
    expect(types('Conv')).toBe(6);
    expect(types('BatchNormalization'), 'folded into the weights').toBe(0);
    // The last sum goes on to a convolution as well.
    expect(types('QuantizeLinear')).toBeGreaterThanOrEqual(8);
    const items = pictures(100, 4);
    const [own, other] = await Promise.all(
      [file, copy].map(async (model) => (await openNetwork(runtime, model, 'wasm', wish)).run(items, 4)),
    );
    for (let row = 0; row < 4; row++) {
      const of = (output: typeof own) =>
        (output?.features ?? new Float32Array()).subarray(row * 2048, (row + 1) * 2048);
      expect(cosine(of(own), of(other))).toBeGreaterThan(0.99);
    }
  });

  it('gives the same bytes for the same file', async () => {
    const file = convolutionalNetwork(2);
    expect(await quantise(file)).toEqual(await quantise(file));
  });

  it('refuses a network without convolutions', async () => {
    await expect(quantise(tinyPictures())).rejects.toMatchObject({ code: 'copy-not-made' });
  });

  it('raises opset 11 where no operator has another meaning, and refuses it where one has', async () => {
    const old = atOpset(convolutionalNetwork(), 11);
    expect(readOnnx(await quantise(old)).operators.get('')).toBe(13);
    await expect(quantise(atOpset(convolutionalNetwork(), 9))).rejects.toMatchObject({ code: 'copy-not-made' });
  });
});

/** The last of several operator sets of one domain counts. */
function atOpset(file: Uint8Array, version: number): Uint8Array {
  const { nodes } = readOnnx(file);
  expect(nodes.length).toBeGreaterThan(0);
  return concat(file, messageField(8, textField(1, ''), numberField(2, version)));
}
