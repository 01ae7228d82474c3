import type { Metric } from '../../core/feature';
import { topK } from '../../core/ranking/top-k';
import { norm } from '../../core/similarity/dot';
import { cosineFromDot, equalBitsFromDot, similarityFromDistance } from '../../core/similarity/similarity';
import { squaredDistance } from '../../core/similarity/squared-distance';
import { ByteRows } from './byte-rows';
import { FloatRows } from './float-rows';

/** How a matrix keeps its vectors. */
export type Keeping = {
  /** Seven bits a value and nothing else: a quarter of the memory, and every score is near, not exact. */
  readonly compact?: boolean;
  /** Values from which seven-bit rows are kept beside the floats: they find the candidates for the best in a fraction of
   * the time. The best are then scored exactly, in the order that floats give, of which bounds on what
   * rounding took let none be missed; the scores of the others are near. */
  readonly bytesFrom?: number;
  /** Values up to which products are summed in double precision. */
  readonly exactUpTo?: number;
  /** Threads that may take part in scoring a large matrix; by default as many as there are. */
  readonly threads?: number;
};

/** Values from which bytes are kept beside floats by default: about 32,000 vectors of 2048, which take 10 ms without. */
export const valuesWithBytes = 64 * 2 ** 20;

/** Best rows whose scores are exact with `both`: more than a search shows or re-ranks. */
const exactBest = 256;
/** Share of the rows beyond which scoring the candidates one by one costs more than scoring all. */
const mostCandidates = 1 / 16;

/** By what the best are told, where that is not the similarity itself: a score of each row's product with the query and of a
 * number that is known of the row, never less for a larger product. */
export type RankedBy = {
  readonly known: (id: string) => number;
  readonly score: (product: number, known: number) => number;
};

/** Vectors of one length, packed by rows and kept with their Euclidean lengths, each under an id. */
export class PackedMatrix {
  readonly #ids: string[] = [];
  readonly #norms: number[] = [];
  readonly #rowOf = new Map<string, number>();
  readonly #floats: FloatRows | undefined;
  readonly #bytesFrom: number;
  readonly #threads: number | undefined;
  #bytes: ByteRows | undefined;
  /** What rows are ranked by, nearly; of one query after another. */
  #near = new Float64Array(0);

  constructor(
    readonly dimensions: number,
    { compact = false, bytesFrom = valuesWithBytes, exactUpTo, threads }: Keeping = {},
  ) {
    this.#floats = compact ? undefined : new FloatRows(dimensions, exactUpTo, threads);
    this.#bytes = compact ? new ByteRows(dimensions, undefined, threads) : undefined;
    this.#bytesFrom = bytesFrom;
    this.#threads = threads;
  }

  get size(): number {
    return this.#ids.length;
  }

  /** What the vectors take in memory. */
  get bytes(): number {
    return this.size * this.dimensions * ((this.#floats ? 4 : 0) + (this.#bytes ? 1 : 0));
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
    const row = this.#rowOf.get(id) ?? this.#ids.length;
    this.#floats?.put(row, vector);
    this.#bytes?.put(row, vector);
    this.#norms[row] = norm(vector);
    if (row < this.#ids.length) return;
    this.#rowOf.set(id, row);
    this.#ids.push(id);
    if (!this.#bytes && this.size * this.dimensions >= this.#bytesFrom) this.#bytes = this.#rounded();
  }

  /** The last row moves into the gap. */
  remove(id: string): boolean {
    const row = this.#rowOf.get(id);
    if (row === undefined) return false;
    const last = this.#ids.length - 1;
    if (row !== last) {
      const moved = this.#ids[last] as string;
      this.#floats?.move(last, row);
      this.#bytes?.move(last, row);
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

  /** The row, as rounding left it where there are bytes alone; valid until the next change. */
  get(id: string): Float32Array | undefined {
    const row = this.#rowOf.get(id);
    return row === undefined ? undefined : this.#at(row);
  }

  /** As `get`, but where the row lies: to be read at once, and neither stored nor sent. */
  view(id: string): Float32Array | undefined {
    const row = this.#rowOf.get(id);
    return row === undefined ? undefined : this.#view(row);
  }

  /** Similarity of every row to `query`, in the order of `ids`. `query` has `dimensions` finite values; `counts` says which
   * rows the best are sought among. */
  scores(
    metric: Metric,
    query: Float32Array,
    counts: (id: string) => boolean = () => true,
    rankedBy?: RankedBy,
  ): Float64Array {
    if (metric === 'euclidean') return this.#distances(query);
    const products = this.#products(query, counts, rankedBy);
    const scores = new Float64Array(products.length);
    const length = norm(query);
    const compare = metric === 'hamming' ? equalBitsFromDot : cosineFromDot;
    for (let row = 0; row < scores.length; row++) {
      scores[row] = compare(products[row] as number, this.#norms[row] as number, length);
    }
    return scores;
  }

  #rounded(): ByteRows {
    const bytes = new ByteRows(this.dimensions, undefined, this.#threads);
    for (let row = 0; row < this.size; row++) bytes.put(row, this.#view(row));
    return bytes;
  }

  #at(row: number): Float32Array {
    return this.#floats ? this.#floats.get(row) : (this.#bytes as ByteRows).get(row);
  }

  #view(row: number): Float32Array {
    return this.#floats?.view(row) ?? this.#at(row);
  }

  #distances(query: Float32Array): Float64Array {
    const scores = new Float64Array(this.size);
    const products = this.#floats ? undefined : this.#bytes?.products(query, this.size).products;
    const squared = norm(query) ** 2;
    for (let row = 0; row < scores.length; row++) {
      const distance = products
        ? Math.max(0, squared + (this.#norms[row] as number) ** 2 - 2 * (products[row] as number))
        : squaredDistance(this.#view(row), 0, query);
      scores[row] = similarityFromDistance(distance, this.dimensions);
    }
    return scores;
  }

  /** Valid until the next query. */
  #products(
    query: Float32Array,
    counts: (id: string) => boolean,
    rankedBy: RankedBy | undefined,
  ): Float32Array | Float64Array {
    const floats = this.#floats;
    if (!this.#bytes) return (floats as FloatRows).products(query, this.size);
    const { products, errors } = this.#bytes.products(query, this.size);
    if (!floats) return products;
    const known = rankedBy ? Float64Array.from(this.#ids, rankedBy.known) : this.#norms;
    const score = rankedBy?.score ?? overLength;
    if (this.#near.length < this.size) this.#near = new Float64Array(2 * this.size);
    const near = this.#near.subarray(0, this.size);
    for (let row = 0; row < near.length; row++) near[row] = score(products[row] as number, known[row] as number);
    // Asked of the few that come near the best: a look-up by id of every row takes longer than all else.
    const isSought = (row: number) => counts(this.#ids[row] as string);
    const first = topK(near, exactBest, (i, j) => i < j, isSought);
    const exact = floats.productsOf(query, first);
    // As many rows are as good as the worst of these: none that cannot reach it is among the best.
    let bound = Number.POSITIVE_INFINITY;
    for (const [i, row] of first.entries()) bound = Math.min(bound, score(exact[i] as number, known[row] as number));
    const candidates: number[] = [];
    for (let row = 0; row < near.length; row++) {
      const most = score((products[row] as number) + (errors[row] as number), known[row] as number);
      if (!(most < bound) && isSought(row)) candidates.push(row);
    }
    if (candidates.length > this.size * mostCandidates && this.size > exactBest) {
      return floats.products(query, this.size);
    }
    const own = floats.productsOf(query, candidates);
    for (const [i, row] of candidates.entries()) products[row] = own[i] as number;
    return products;
  }
}

function overLength(product: number, length: number): number {
  return length > 0 ? product / length : 0;
}
