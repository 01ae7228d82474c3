import { dot } from '../../core/similarity/dot';
import { createRowKernel, type FloatRowKernel, growTo } from '../kernels/row-kernel';
import { roomBytes, scanBatch } from '../kernels/scan';
import { type ProductRoom, scanRows } from '../kernels/scan-rows';

/** Floats up to which inner products are summed in double precision; beyond, the kernel sums in single, ten times as fast. */
const exactFloats = 4 * 1024 * 1024;
/** Rows of a list scored by one call of the kernel. */
const listed = 1024;
/** Room for a list of rows and for their products, in double precision. */
const listBytes = (4 + 8) * listed;
/** Floats to which rows are filled up for the kernel. */
const chunk = 8;

/** Float32 rows side by side. */
export class FloatRows {
  readonly #stride: number;
  #capacity = 0;
  /** [capacity x stride], in the kernel's memory once there is one. */
  #rows = new Float32Array(0);
  #kernel: FloatRowKernel | undefined;
  readonly #found: ProductRoom<Float32Array> = { products: undefined };

  constructor(
    readonly dimensions: number,
    readonly exactUpTo = exactFloats,
    readonly threads?: number,
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

  /** Valid until the next change. */
  get(row: number): Float32Array {
    const view = this.view(row);
    // What is shared can be neither stored nor sent.
    return view.buffer instanceof ArrayBuffer ? view : view.slice();
  }

  /** The row where it lies, perhaps in memory that threads share. */
  view(row: number): Float32Array {
    return this.#rows.subarray(row * this.#stride, row * this.#stride + this.dimensions);
  }

  /** Inner products of the first `count` rows with the query; valid until the next query. */
  products(query: Float32Array, count: number): Float32Array | Float64Array {
    return this.#kernel ? this.#fastProducts(this.#kernel, query, count) : this.#exactProducts(query, count);
  }

  /** Inner products of these rows with the query, summed in double precision. */
  productsOf(query: Float32Array, rows: readonly number[]): Float64Array {
    const kernel = this.#kernel;
    if (!kernel) return Float64Array.from(rows, (row) => dot(this.#rows, row * this.#stride, query));
    const products = new Float64Array(rows.length);
    const bytes = this.#writeQuery(kernel, query);
    const found = new Float64Array(kernel.memory.buffer, bytes, listed);
    const list = new Uint32Array(kernel.memory.buffer, bytes + found.byteLength, listed);
    for (let from = 0; from < rows.length; from += listed) {
      const some = rows.slice(from, from + listed);
      list.set(some);
      kernel.innerProductsOf(0, this.#rows.byteOffset, list.byteOffset, some.length, bytes, found.byteOffset);
      products.set(found.subarray(0, some.length), from);
    }
    return products;
  }

  #exactProducts(query: Float32Array, count: number): Float64Array {
    const products = new Float64Array(count);
    for (let row = 0; row < count; row++) products[row] = dot(this.#rows, row * this.#stride, query);
    return products;
  }

  #fastProducts(kernel: FloatRowKernel, query: Float32Array, count: number): Float32Array {
    const stride = this.#writeQuery(kernel, query);
    const rows = { from: this.#rows.byteOffset, count, stride, room: stride + listBytes };
    return scanRows(kernel, rows, Float32Array, this.#found);
  }

  /** Puts the query where the kernel looks for it, filled up with zeros; gives the bytes of a row. */
  #writeQuery({ memory }: FloatRowKernel, query: Float32Array): number {
    const head = new Float32Array(memory.buffer, 0, this.#stride);
    head.fill(0);
    head.set(query);
    return head.byteLength;
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
    const capacity = this.#capacity + Math.max(4, Math.min(scanBatch, Math.floor(exactFloats / stride / 4) * 4));
    const before = this.#rows;
    const kernel = this.#kernel ?? createRowKernel(0, this.threads);
    const head = 4 * stride + listBytes + roomBytes(kernel);
    growTo(kernel, head + 4 * capacity * stride);
    this.#rows = new Float32Array(kernel.memory.buffer, head, capacity * stride);
    // Memory that has grown holds them still.
    if (!this.#kernel) this.#rows.set(before);
    this.#kernel = kernel;
    this.#capacity = capacity;
  }
}
