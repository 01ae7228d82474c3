import { dot } from '../../core/similarity/dot';
import { createRowKernel, growTo, type RowKernel } from '../kernels/row-kernel';

/** Floats up to which inner products are summed in double precision; beyond, the kernel sums in single, ten times as fast. */
const exactFloats = 4 * 1024 * 1024;
/** Rows scored by one call of the kernel, and by which its memory grows, where they are not too long. A multiple of four,
 * as it takes them. */
const batch = 1024;
/** Floats to which rows are filled up for the kernel. */
const chunk = 8;

/** Float32 rows side by side. */
export class FloatRows {
  readonly #stride: number;
  #capacity = 0;
  /** [capacity x stride], in the kernel's memory once there is one. */
  #rows = new Float32Array(0);
  #kernel: RowKernel | undefined;

  constructor(
    readonly dimensions: number,
    readonly exactUpTo = exactFloats,
  ) {
    this.#stride = Math.max(1, Math.ceil(dimensions / chunk)) * chunk;
  }

  /** Rows may be added one after the other. Errors: `library-too-large`. */
  put(row: number, vector: Float32Array): void {
    if (row >= this.#capacity) this.#grow();
    this.#rows.set(vector, row * this.#stride);
  }

  /** Copies a row over another. */
  move(from: number, to: number): void {
    this.#rows.copyWithin(to * this.#stride, from * this.#stride, (from + 1) * this.#stride);
  }

  /** A view, valid until the next change. */
  get(row: number): Float32Array {
    return this.#rows.subarray(row * this.#stride, row * this.#stride + this.dimensions);
  }

  /** Inner products of the first `count` rows with the query. */
  products(query: Float32Array, count: number): Float64Array {
    return this.#kernel ? this.#fastProducts(this.#kernel, query, count) : this.#exactProducts(query, count);
  }

  /** Inner products of these rows with the query, summed in double precision. */
  productsOf(query: Float32Array, rows: readonly number[]): number[] {
    return rows.map((row) => dot(this.#rows, row * this.#stride, query));
  }

  #exactProducts(query: Float32Array, count: number): Float64Array {
    const products = new Float64Array(count);
    for (let row = 0; row < count; row++) products[row] = dot(this.#rows, row * this.#stride, query);
    return products;
  }

  #fastProducts({ memory, innerProducts }: RowKernel, query: Float32Array, count: number): Float64Array {
    const products = new Float64Array(count);
    const head = new Float32Array(memory.buffer, 0, this.#head);
    head.fill(0, 0, this.#stride);
    head.set(query);
    const found = head.subarray(this.#stride);
    const bytes = this.#stride * 4;
    for (let from = 0; from < count; from += batch) {
      const some = Math.min(batch, count - from);
      innerProducts(0, this.#rows.byteOffset + from * bytes, Math.ceil(some / 4) * 4, bytes, bytes);
      products.set(found.subarray(0, some), from);
    }
    return products;
  }

  /** Room for the query before the rows and for the scores of a batch, in floats. */
  get #head(): number {
    return this.#stride + batch;
  }

  #grow(): void {
    const stride = this.#stride;
    const doubled = Math.max(4, 2 * this.#capacity);
    if (doubled * stride <= this.exactUpTo) {
      const rows = new Float32Array(doubled * stride);
      rows.set(this.#rows);
      this.#rows = rows;
      this.#capacity = doubled;
      return;
    }
    const capacity = this.#capacity + Math.max(4, Math.min(batch, Math.floor(exactFloats / stride / 4) * 4));
    const bytes = (this.#head + capacity * stride) * 4;
    const before = this.#rows;
    if (this.#kernel) growTo(this.#kernel, bytes);
    else this.#kernel = createRowKernel(bytes);
    this.#rows = new Float32Array(this.#kernel.memory.buffer, this.#head * 4, capacity * stride);
    if (before.byteLength > 0) this.#rows.set(before);
    this.#capacity = capacity;
  }
}
