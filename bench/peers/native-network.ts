import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { resnet50 } from '../../src/extractors/resnet50';

const side = 224;
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/** What each value of a byte becomes, by channel. */
const normalised = mean.map((centre, channel) =>
  Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - centre) / (deviation[channel] as number)),
);

/** RGB pictures [count x 224 x 224 x 3] to vectors. */
export type NativeNetwork = (pixels: Uint8Array, count: number) => Promise<Float32Array>;

/** The model file that the app is built with, where there is one. */
export function resnetFile(): string | undefined {
  const path = join(import.meta.dirname, '../../public/models/resnet50.onnx');
  return existsSync(path) ? path : undefined;
}

/** ResNet-50 in onnxruntime-node, 32-bit floats, with so many threads. */
export async function openNativeNetwork(model: string, threads: number): Promise<NativeNetwork> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const input = session.inputNames[0] as string;
  const output = session.outputNames.find((name) => name === 'features') ?? (session.outputNames[0] as string);
  return async (pixels, count) => {
    const size = side * side;
    const items = new Float32Array(count * 3 * size);
    for (let item = 0; item < count; item++) {
      for (let channel = 0; channel < 3; channel++) {
        const values = normalised[channel] as Float32Array;
        const to = (item * 3 + channel) * size;
        let from = item * size * 3 + channel;
        for (let i = 0; i < size; i++, from += 3) items[to + i] = values[pixels[from] as number] as number;
      }
    }
    const results = await session.run({ [input]: new Tensor('float32', items, [count, 3, side, side]) }, [output]);
    const vectors = results[output]?.data as Float32Array;
    if (vectors.length !== count * (resnet50.dimensions ?? 0)) throw new Error(`${output} is not [${count} x 2048]`);
    return vectors;
  };
}
