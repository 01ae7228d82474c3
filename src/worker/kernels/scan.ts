import type { InnerProducts, RowKernel } from './row-kernel';

/** Rows of which one thread takes the products at a time. A multiple of four, as kernels take rows. */
export const scanBatch = 1024;

/** Bytes beside the rows in which every thread that may take part leaves the products of a batch. */
export const roomBytes = ({ threads }: Pick<RowKernel, 'threads'>): number => 4 * scanBatch * threads;

/** The rows of a kernel's memory: addresses and `stride` in bytes, the query at address 0. */
export type Rows = {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
  /** {@link roomBytes} of room. */
  readonly room: number;
};

export type Products = Float32Array | Int32Array;

/** One pass over rows, as threads share it out: all see the same memory, the same progress and the same products. */
export type Scan = Rows & {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** Batches begun, batches done, and for each batch whether it is done. */
  readonly progress: Int32Array;
  readonly products: Products;
};

/** Does batches that no other thread has begun until there are none. `thread` numbers those that take part. */
export function takePart(scan: Scan, innerProducts: InnerProducts, thread: number): void {
  for (let batch = Atomics.add(scan.progress, 0, 1); hasBatch(scan, batch); batch = Atomics.add(scan.progress, 0, 1)) {
    scanOne(scan, innerProducts, thread, batch);
    Atomics.store(scan.progress, 2 + batch, 1);
    Atomics.add(scan.progress, 1, 1);
    Atomics.notify(scan.progress, 1);
  }
}

/** Whether there is a batch of this number. */
function hasBatch({ progress }: Scan, batch: number): boolean {
  return batch < progress.length - 2;
}

/** Whether every batch is begun. */
export function isTaken(scan: Scan): boolean {
  return !hasBatch(scan, Atomics.load(scan.progress, 0));
}

/** Does one batch, whoever began it. */
export function scanOne(scan: Scan, innerProducts: InnerProducts, thread: number, batch: number): void {
  const { memory, from, count, stride, room, products } = scan;
  const first = batch * scanBatch;
  const some = Math.min(scanBatch, count - first);
  const out = room + 4 * scanBatch * thread;
  innerProducts(0, from + first * stride, Math.ceil(some / 4) * 4, stride, out);
  const found =
    products instanceof Float32Array
      ? new Float32Array(memory.buffer, out, some)
      : new Int32Array(memory.buffer, out, some);
  products.set(found, first);
}
