import { norm } from '../../core/similarity/dot';
import { type ByteRowKernel, createByteRowKernel, growTo } from '../kernels/row-kernel';
import { roomBytes, scanBatch } from '../kernels/scan';
import { type ProductRoom, scanRows } from '../kernels/scan-rows';

/** Codes to which rows are filled up for the kernel. */
const chunk = 16;
/** Code of 0 in rows that have values of both signs. */
const centre = 64;
/** How far a product may be off, in standard deviations of rounding errors that are independent of one another. */
const deviations = 8;

/** Rows of seven bits a value, each with a scale of its own: a quarter of their float32 form. Rows without negative values,
 * as networks with rectifiers give them, use all of the 128 codes. */
export class ByteRows {
  readonly #stride: number;
  #scales = new Float64Array(0);
  /** Code of 0 in each row. */
  #zeros = new Float64Array(0);
  /** Euclidean length of each row, and of what rounding took from it. */
  #lengths = new Float64Array(0);
  #lost = new Float64Array(0);
  #capacity = 0;
  #codes = new Uint8Array(0);
  #kernel: ByteRowKernel | undefined;
  readonly #found: ProductRoom<Int32Array> = { products: undefined };
  #products = new Float64Array(0);
  #errors = new Float64Array(0);

  constructor(
    readonly dimensions: number,
    readonly kind?: ByteRowKernel['kind'],
    readonly threads?: number,
  ) {
    this.#stride = Math.max(1, Math.ceil(dimensions / chunk)) * chunk;
  }

  /** Rows may be added one after the other. Errors: `library-too-large`. */
  put(row: number, vector: Float32Array): void {
    if (row >= this.#capacity) this.#grow();
    let [least, most] = [0, 0];
    for (let i = 0; i < vector.length; i++) {
      const value = vector[i] as number;
      if (value < least) least = value;
      else if (value > most) most = value;
    }
    const centred = least < 0;
    const scale = centred ? Math.max(most, -least) / (127 - centre) : most / 127;
    const inverse = scale > 0 ? 1 / scale : 0;
    const zero = centred ? centre : 0;
    const codes = this.#codes.subarray(row * this.#stride, (row + 1) * this.#stride);
    let lost = 0;
    for (let i = 0; i < vector.length; i++) {
      const value = vector[i] as number;
      const code = Math.round(value * inverse);
      codes[i] = code + zero;
      lost += (value - code * scale) ** 2;
    }
    codes.fill(0, vector.length);
    this.#scales[row] = scale;
    this.#zeros[row] = zero;
    this.#lengths[row] = norm(vector);
    this.#lost[row] = Math.sqrt(lost);
  }

  /** Copies a row over another. */
  move(from: number, to: number): void {
    this.#codes.copyWithin(to * this.#stride, from * this.#stride, (from + 1) * this.#stride);
    this.#scales[to] = this.#scales[from] as number;
    this.#zeros[to] = this.#zeros[from] as number;
    this.#lengths[to] = this.#lengths[from] as number;
    this.#lost[to] = this.#lost[from] as number;
  }

  /** A row as rounding left it. */
  get(row: number): Float32Array {
    const scale = this.#scales[row] as number;
    const zero = this.#zeros[row] as number;
    const from = row * this.#stride;
    return Float32Array.from({ length: this.dimensions }, (_, i) => ((this.#codes[from + i] as number) - zero) * scale);
  }

  /** Inner products of the first `count` rows with the query, and how far each may be off; valid until the next query. */
  products(query: Float32Array, count: number): { readonly products: Float64Array; readonly errors: Float64Array } {
    if (this.#products.length < count) {
      this.#products = new Float64Array(this.#capacity);
      this.#errors = new Float64Array(this.#capacity);
    }
    const products = this.#products.subarray(0, count);
    const errors = this.#errors.subarray(0, count);
    const kernel = this.#kernel;
    if (!kernel) return { products, errors };
    const rounded = writeQuery(kernel, query, this.#stride);
    const [scales, zeros, lengths, lost] = [this.#scales, this.#zeros, this.#lengths, this.#lost];
    const from = this.#codes.byteOffset;
    const rows = { from, count, stride: this.#stride, room: 2 * this.#stride };
    const found = scanRows(kernel, rows, Int32Array, this.#found);
    // By Cauchy and Schwarz times what is left of it where errors of many values are independent.
    const share = Math.min(1, deviations / Math.sqrt(this.dimensions));
    const [own, ownLost] = [share * norm(query), share * rounded.lost];
    for (let row = 0; row < count; row++) {
      const product = (found[row] as number) - (zeros[row] as number) * rounded.sum;
      products[row] = product * (scales[row] as number) * rounded.scale;
      const rowLost = lost[row] as number;
      errors[row] = own * rowLost + ownLost * ((lengths[row] as number) + rowLost);
    }
    return { products, errors };
  }

  #grow(): void {
    const capacity = this.#capacity + scanBatch;
    const kernel = this.#kernel ?? createByteRowKernel(0, this.kind, this.threads);
    const head = 2 * this.#stride + roomBytes(kernel);
    growTo(kernel, head + capacity * this.#stride);
    this.#kernel = kernel;
    this.#codes = new Uint8Array(kernel.memory.buffer, head, capacity * this.#stride);
    this.#capacity = capacity;
    if (capacity <= this.#scales.length) return;
    this.#scales = doubled(this.#scales, capacity);
    this.#zeros = doubled(this.#zeros, capacity);
    this.#lengths = doubled(this.#lengths, capacity);
    this.#lost = doubled(this.#lost, capacity);
  }
}

function doubled(values: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(Math.max(least, 2 * values.length));
  more.set(values);
  return more;
}

/** The query as the kernel takes it: signed bytes with one scale, their sum, and the length of what rounding took. */
function writeQuery({ memory, kind }: ByteRowKernel, query: Float32Array, stride: number) {
  const most = query.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const scale = most / 127;
  const head = kind === 'plain' ? new Int16Array(memory.buffer, 0, stride) : new Int8Array(memory.buffer, 0, stride);
  head.fill(0);
  let [sum, lost] = [0, 0];
  for (let i = 0; i < query.length && scale > 0; i++) {
    const value = query[i] as number;
    const code = Math.round(value / scale);
    head[i] = code;
    sum += code;
    lost += (value - code * scale) ** 2;
  }
  return { scale, sum, lost: Math.sqrt(lost) };
}
