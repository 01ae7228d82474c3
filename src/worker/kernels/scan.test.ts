import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../core/random';
import { createByteRowKernel, createRowKernel, growTo, type InnerProducts } from './row-kernel';
import { type Products, roomBytes, type Scan, scanBatch, takePart } from './scan';
import { scanRows } from './scan-rows';

/** What a thread beside the one that asks may do with a pass before that one begins. */
const others = {
  'does nothing': () => {},
  'begins a batch and never ends it': (scan: Scan) => {
    Atomics.add(scan.progress, 0, 1);
  },
  'ends after two batches': (scan: Scan) => partOf(scan, 2),
  'does all of them': (scan: Scan) => partOf(scan, Number.POSITIVE_INFINITY),
} as const;

/** Takes part as `scan.worker.ts` does, and ends in the midst of a batch after this many. */
function partOf(scan: Scan, most: number): void {
  const { exports } = new WebAssembly.Instance(scan.module, { env: { memory: scan.memory } });
  let begun = 0;
  const innerProducts: InnerProducts = (...addresses) => {
    if (++begun > most) throw new Error('ended');
    (exports.innerProducts as InnerProducts)(...addresses);
  };
  try {
    takePart(scan, innerProducts, 1);
  } catch (error) {
    expect(error).toHaveProperty('message', 'ended');
  }
}

const kernels = {
  floats: { make: (threads: number) => createRowKernel(0, threads), kind: Float32Array, bytes: 4 },
  codes: { make: (threads: number) => createByteRowKernel(0, 'plain', threads), kind: Int32Array, bytes: 1 },
} as const;

const kindOf = (of: keyof typeof kernels) => kernels[of].kind as new (buffer: ArrayBufferLike) => Products;

function filled(of: keyof typeof kernels, threads: number, count: number, values: number, seed: number) {
  const { make, bytes } = kernels[of];
  const kernel = make(threads);
  const stride = values * bytes;
  const room = 2 * stride + 32;
  const from = room + roomBytes(kernel);
  growTo(kernel, from + stride * (count + 4));
  const random = seededRandom(seed);
  const fill = (cells: Float32Array | Int8Array | Int16Array) => {
    for (let i = 0; i < cells.length; i++) cells[i] = of === 'floats' ? random() - 0.5 : Math.floor(random() * 127);
  };
  const buffer = kernel.memory.buffer;
  fill(of === 'floats' ? new Float32Array(buffer, 0, values) : new Int16Array(buffer, 0, values));
  const rows = count * values;
  fill(of === 'floats' ? new Float32Array(buffer, from, rows) : new Int8Array(buffer, from, rows));
  return { kernel, rows: { from, count, stride, room } };
}

test.each(Object.keys(kernels) as (keyof typeof kernels)[])(
  'products of %s are the same to the last bit whichever thread makes them, and if one never ends',
  (of) => {
    const shape = fc.record({
      count: fc.integer({ min: 1, max: 5 * scanBatch }),
      chunks: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(),
      other: fc.constantFrom(...(Object.keys(others) as (keyof typeof others)[])),
    });
    fc.assert(
      fc.property(shape, ({ count, chunks, seed, other }) => {
        const alone = filled(of, 1, count, 16 * chunks, seed);
        const kept = { products: undefined };
        const expected = scanRows(alone.kernel, alone.rows, kindOf(of), { products: undefined });
        expect(expected.buffer).toBeInstanceOf(ArrayBuffer);
        const shared = filled(of, 3, count, 16 * chunks, seed);
        const found = scanRows(shared.kernel, shared.rows, kindOf(of), kept, others[other]);
        expect(found.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(found).toHaveLength(count);
        expect(found.findIndex((product, row) => product !== expected[row])).toBe(-1);
        // Room is kept unless somebody may still write there.
        const late = other === 'begins a batch and never ends it' || other === 'ends after two batches';
        if (!late) expect(kept.products).toBeDefined();
        const again = scanRows(shared.kernel, shared.rows, kindOf(of), kept);
        expect(again.findIndex((product, row) => product !== expected[row])).toBe(-1);
      }),
      { numRuns: 60 },
    );
  },
);

test('where no thread can be started, one does all', () => {
  const count = 40_000;
  const alone = filled('floats', 1, count, 256, 3);
  const shared = filled('floats', 2, count, 256, 3);
  const found = scanRows(shared.kernel, shared.rows, Float32Array, { products: undefined });
  expect([...found]).toEqual([...scanRows(alone.kernel, alone.rows, Float32Array, { products: undefined })]);
});
