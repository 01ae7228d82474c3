import type { Metric } from '../../core/feature';
import { dot, norm } from '../../core/similarity/dot';
import { cosineFromDot, equalBitsFromDot, similarityFromDistance } from '../../core/similarity/similarity';
import { squaredDistance } from '../../core/similarity/squared-distance';
import { createRowKernel, growTo, type RowKernel } from '../kernels/row-kernel';

/** Floats up to which inner products are summed in double precision; beyond, the kernel sums in single, ten times as fast. */
const exactFloats = 4 * 1024 * 1024;
/** Rows scored by one call of the kernel, and by which its memory grows, where they are not too long. A multiple of four,
 * as it takes them. */
const batch = 1024;
/** Floats to which rows are filled up for the kernel. */
const chunk = 8;
/** Room for the query before the rows and for the scores of a batch, in floats. */
const headOf = (stride: number) => stride + batch;

/** Vectors of one length, packed by rows and kept with their Euclidean lengths, each under an id. */
export class PackedMatrix {
  readonly #stride: number;
  readonly #ids: string[] = [];
  readonly #norms: number[] = [];
  readonly #rowOf = new Map<string, number>();
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

  get size(): number {
    return this.#ids.length;
  }

  /** Ids in the order of `scores`. Any change may reorder them. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Euclidean length of each row, in the order of `ids`. */
  get lengths(): readonly number[] {
    return this.#norms;
  }

  /** Copies the vector in, in place of an earlier one of this id. Errors: `library-too-large`. */
  put(id: string, vector: Float32Array): void {
    let row = this.#rowOf.get(id);
    if (row === undefined) {
      row = this.#ids.length;
      if (row === this.#capacity) this.#grow();
      this.#rowOf.set(id, row);
      this.#ids.push(id);
    }
    this.#rows.set(vector, row * this.#stride);
    this.#norms[row] = norm(vector);
  }

  /** The last row moves into the gap. */
  remove(id: string): boolean {
    const row = this.#rowOf.get(id);
    if (row === undefined) return false;
    const last = this.#ids.length - 1;
    if (row !== last) {
      const moved = this.#ids[last] as string;
      this.#rows.copyWithin(row * this.#stride, last * this.#stride, (last + 1) * this.#stride);
      this.#ids[row] = moved;
      this.#norms[row] = this.#norms[last] as number;
      this.#rowOf.set(moved, row);
    }
    this.#ids.pop();
    this.#norms.pop();
    this.#rowOf.delete(id);
    return true;
  }

  has(id: string): boolean {
    return this.#rowOf.has(id);
  }

  /** A view of the row, valid until the next change. */
  get(id: string): Float32Array | undefined {
    const row = this.#rowOf.get(id);
    if (row === undefined) return undefined;
    return this.#rows.subarray(row * this.#stride, row * this.#stride + this.dimensions);
  }

  /** Similarity of every row to `query`, in the order of `ids`. `query` has `dimensions` finite values. */
  scores(metric: Metric, query: Float32Array): Float64Array {
    if (metric === 'euclidean') return this.#distances(query);
    const scores = this.#kernel ? this.#fastProducts(this.#kernel, query) : this.#exactProducts(query);
    const length = norm(query);
    const compare = metric === 'hamming' ? equalBitsFromDot : cosineFromDot;
    for (let row = 0; row < scores.length; row++) {
      scores[row] = compare(scores[row] as number, this.#norms[row] as number, length);
    }
    return scores;
  }

  #distances(query: Float32Array): Float64Array {
    const scores = new Float64Array(this.size);
    for (let row = 0; row < scores.length; row++) {
      scores[row] = similarityFromDistance(squaredDistance(this.#rows, row * this.#stride, query), this.dimensions);
    }
    return scores;
  }

  #exactProducts(query: Float32Array): Float64Array {
    const products = new Float64Array(this.size);
    for (let row = 0; row < products.length; row++) products[row] = dot(this.#rows, row * this.#stride, query);
    return products;
  }

  #fastProducts({ memory, innerProducts }: RowKernel, query: Float32Array): Float64Array {
    const products = new Float64Array(this.size);
    const head = new Float32Array(memory.buffer, 0, headOf(this.#stride));
    head.fill(0, 0, this.#stride);
    head.set(query);
    const found = head.subarray(this.#stride);
    const bytes = this.#stride * 4;
    for (let from = 0; from < products.length; from += batch) {
      const count = Math.min(batch, products.length - from);
      innerProducts(0, this.#rows.byteOffset + from * bytes, Math.ceil(count / 4) * 4, bytes, bytes);
      products.set(found.subarray(0, count), from);
    }
    return products;
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
    const head = headOf(stride);
    const capacity = this.#capacity + Math.max(4, Math.min(batch, Math.floor(exactFloats / stride / 4) * 4));
    const bytes = (head + capacity * stride) * 4;
    const before = this.#rows;
    if (this.#kernel) growTo(this.#kernel, bytes);
    else this.#kernel = createRowKernel(bytes);
    this.#rows = new Float32Array(this.#kernel.memory.buffer, head * 4, capacity * stride);
    if (before.byteLength > 0) this.#rows.set(before);
    this.#capacity = capacity;
  }
}
