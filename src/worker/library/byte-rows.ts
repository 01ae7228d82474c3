import { type ByteRowKernel, createByteRowKernel, growTo } from '../kernels/row-kernel';
import { roomBytes, scanBatch } from '../kernels/scan';
import { type ProductRoom, scanRows } from '../kernels/scan-rows';

/** Codes to which rows are filled up for the kernel. */
const chunk = 16;
/** Code of 0 in rows that have values of both signs. */
const centre = 64;
/** Share of a product that sums of doubles may differ by, well above what they do. */
const slack = 1e-9;

/** Rows of seven bits a value, each with a scale of its own: a quarter of their float32 form. Rows without negative values,
 * as networks with rectifiers give them, use all of the 128 codes. */
export class ByteRows {
  readonly #stride: number;
  #scales = new Float64Array(0);
  /** Code of 0 in each row. */
  #zeros = new Float64Array(0);
  /** Sums over each row as rounding left it, and over what rounding took from it. */
  #sums = new Float64Array(0);
  #lostSums = new Float64Array(0);
  /** Euclidean lengths of the same two beside their means. */
  #spreads = new Float64Array(0);
  #lostSpreads = new Float64Array(0);
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
    let [codeSum, codeSquares, lostSum, lostSquares] = [0, 0, 0, 0];
    for (let i = 0; i < vector.length; i++) {
      const value = vector[i] as number;
      const code = Math.round(value * inverse);
      codes[i] = code + zero;
      const lost = value - code * scale;
      codeSum += code;
      codeSquares += code * code;
      lostSum += lost;
      lostSquares += lost * lost;
    }
    codes.fill(0, vector.length);
    this.#scales[row] = scale;
    this.#zeros[row] = zero;
    this.#sums[row] = codeSum * scale;
    this.#spreads[row] = scale * spread(codeSum, codeSquares, vector.length);
    this.#lostSums[row] = lostSum;
    this.#lostSpreads[row] = spread(lostSum, lostSquares, vector.length);
  }

  /** Copies a row over another. */
  move(from: number, to: number): void {
    this.#codes.copyWithin(to * this.#stride, from * this.#stride, (from + 1) * this.#stride);
    for (const values of [this.#scales, this.#zeros, this.#sums, this.#lostSums, this.#spreads, this.#lostSpreads]) {
      values[to] = values[from] as number;
    }
  }

  /** A row as rounding left it. */
  get(row: number): Float32Array {
    const scale = this.#scales[row] as number;
    const zero = this.#zeros[row] as number;
    const from = row * this.#stride;
    return Float32Array.from({ length: this.dimensions }, (_, i) => ((this.#codes[from + i] as number) - zero) * scale);
  }

  /** Inner products of the first `count` rows with the query, and how far each may be off at most; valid until the next
   * query. What rounding took is made up for by its mean; the rest is bounded by Cauchy and Schwarz. */
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
    const [scales, zeros, sums, lostSums] = [this.#scales, this.#zeros, this.#sums, this.#lostSums];
    const [spreads, lostSpreads] = [this.#spreads, this.#lostSpreads];
    const from = this.#codes.byteOffset;
    const rows = { from, count, stride: this.#stride, room: 2 * this.#stride };
    const found = scanRows(kernel, rows, Int32Array, this.#found);
    for (let row = 0; row < count; row++) {
      const codes = (found[row] as number) - (zeros[row] as number) * rounded.codeSum;
      const product =
        codes * (scales[row] as number) * rounded.scale +
        rounded.mean * (lostSums[row] as number) +
        rounded.lostMean * (sums[row] as number);
      products[row] = product;
      errors[row] =
        rounded.spread * (lostSpreads[row] as number) +
        rounded.lostSpread * (spreads[row] as number) +
        slack * Math.abs(product);
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
    this.#sums = doubled(this.#sums, capacity);
    this.#lostSums = doubled(this.#lostSums, capacity);
    this.#spreads = doubled(this.#spreads, capacity);
    this.#lostSpreads = doubled(this.#lostSpreads, capacity);
  }
}

function doubled(values: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(Math.max(least, 2 * values.length));
  more.set(values);
  return more;
}

/** Euclidean length of values beside their mean, by their sum and that of their squares. */
function spread(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(0, squares - (sum * sum) / count));
}

/** The query as the kernel takes it: signed bytes with one scale, and their sum; mean and spread of its values, and of what
 * rounding took from them. */
function writeQuery({ memory, kind }: ByteRowKernel, query: Float32Array, stride: number) {
  const most = query.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const scale = most / 127;
  const head = kind === 'plain' ? new Int16Array(memory.buffer, 0, stride) : new Int8Array(memory.buffer, 0, stride);
  head.fill(0);
  let [codeSum, sum, squares, lostSum, lostSquares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < query.length && scale > 0; i++) {
    const value = query[i] as number;
    const code = Math.round(value / scale);
    head[i] = code;
    const lost = value - code * scale;
    codeSum += code;
    sum += value;
    squares += value * value;
    lostSum += lost;
    lostSquares += lost * lost;
  }
  const count = query.length;
  return {
    scale,
    codeSum,
    mean: sum / count,
    lostMean: lostSum / count,
    spread: spread(sum, squares, count),
    lostSpread: spread(lostSum, lostSquares, count),
  };
}
