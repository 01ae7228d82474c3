import type { RowKernel } from './row-kernel';
import { type Products, type Rows, type Scan, scanBatch, scanOne, takePart } from './scan';
import { askThreads } from './scan-threads';

/** Bytes below which a thread is asked in vain: one alone has read them by then. */
const worthSharing = 32 * 2 ** 20;

/** Milliseconds to wait for batches that other threads have begun, each a tenth of it by itself. Where cores are busy with
 * other things, a thread may be held up for longer than all the rows take. */
const patience = 3;

/** Keeps the products of a pass for the next one, as fresh memory costs more than to write them. */
export type ProductRoom<P extends Products> = { products: P | undefined };

/** Inner products of the query with all rows, in the kind of number that the kernel makes; valid until the next pass with
 * this room. The same to the last bit whoever takes part. */
export function scanRows<P extends Products>(
  kernel: RowKernel,
  rows: Rows,
  kind: { new (buffer: ArrayBufferLike): P },
  kept: ProductRoom<P>,
  ask = rows.count * rows.stride >= worthSharing ? askThreads : () => {},
): P {
  const batches = Math.ceil(rows.count / scanBatch);
  const Buffer = kernel.threads > 1 ? SharedArrayBuffer : ArrayBuffer;
  const progress = new Int32Array(new Buffer(4 * (2 + batches)));
  const fits = kept.products && kept.products.length >= rows.count;
  const products = fits ? (kept.products as P) : new kind(new Buffer(4 * batches * scanBatch));
  kept.products = products;
  const scan: Scan = { ...rows, memory: kernel.memory, module: kernel.module, progress, products };
  if (kernel.threads > 1) ask(scan, kernel.threads);
  takePart(scan, kernel.innerProducts, 0);
  for (let done = Atomics.load(progress, 1); done < batches; done = Atomics.load(progress, 1)) {
    if (Atomics.wait(progress, 1, done, patience) !== 'timed-out') continue;
    for (let batch = 0; batch < batches; batch++) {
      if (Atomics.load(progress, 2 + batch) === 0) scanOne(scan, kernel.innerProducts, 0, batch);
    }
    // The thread that is late will still write its batch there.
    kept.products = undefined;
    break;
  }
  return products.subarray(0, rows.count) as P;
}
