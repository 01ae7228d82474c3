import type { RowKernel } from './row-kernel';
import { type Products, type Rows, type Scan, scanBatch, scanOne, takePart } from './scan';
import { askThreads } from './scan-threads';

/** Bytes below which a thread is asked in vain: one alone has read them by then. */
const worthSharing = 32 * 2 ** 20;

/** Milliseconds to wait for batches that other threads have begun, each a tenth of it by itself. Where cores are busy with
 * other things, a thread may be held up for longer than all the rows take. */
const patience = 3;

/** Inner products of the query with all rows, in the kind of number that the kernel makes. The same to the last bit
 * whoever takes part. */
export function scanRows<P extends Products>(
  kernel: RowKernel,
  rows: Rows,
  kind: { new (buffer: ArrayBufferLike): P },
  ask = rows.count * rows.stride >= worthSharing ? askThreads : () => {},
): P {
  const batches = Math.ceil(rows.count / scanBatch);
  const Buffer = kernel.threads > 1 ? SharedArrayBuffer : ArrayBuffer;
  const progress = new Int32Array(new Buffer(4 * (2 + batches)));
  const products = new kind(new Buffer(4 * rows.count));
  const scan: Scan = { ...rows, memory: kernel.memory, module: kernel.module, progress, products };
  if (kernel.threads > 1) ask(scan, kernel.threads);
  takePart(scan, kernel.innerProducts, 0);
  for (let done = Atomics.load(progress, 1); done < batches; done = Atomics.load(progress, 1)) {
    if (Atomics.wait(progress, 1, done, patience) !== 'timed-out') continue;
    for (let batch = 0; batch < batches; batch++) {
      if (Atomics.load(progress, 2 + batch) === 0) scanOne(scan, kernel.innerProducts, 0, batch);
    }
    break;
  }
  return products;
}
