import type { Metric } from '../feature';
import { dot, norm } from '../similarity/dot';
import { cosineFromDot, equalBitsFromDot, similarityFromDistance } from '../similarity/similarity';
import { squaredDistance } from '../similarity/squared-distance';

/** Floats of one block: 16 MB, so that growing never copies what is there. */
const blockFloats = 4 * 1024 * 1024;

/** Vectors of one length, packed by rows and kept with their Euclidean lengths, each under an id. */
export class PackedMatrix {
  readonly #rowsPerBlock: number;
  readonly #blocks: Float32Array[] = [];
  readonly #ids: string[] = [];
  readonly #norms: number[] = [];
  readonly #rows = new Map<string, number>();

  constructor(readonly dimensions: number) {
    this.#rowsPerBlock = Math.max(1, Math.floor(blockFloats / Math.max(1, dimensions)));
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Ids in the order of `scores`. Any change may reorder them. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Copies the vector in, in place of an earlier one of this id. */
  put(id: string, vector: Float32Array): void {
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = this.#ids.length;
      if (row === this.#blocks.length * this.#rowsPerBlock) {
        this.#blocks.push(new Float32Array(this.#rowsPerBlock * this.dimensions));
      }
      this.#rows.set(id, row);
      this.#ids.push(id);
    }
    this.#row(row).set(vector);
    this.#norms[row] = norm(vector);
  }

  /** The last row moves into the gap. */
  remove(id: string): boolean {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    const last = this.#ids.length - 1;
    if (row !== last) {
      const moved = this.#ids[last] as string;
      this.#row(row).set(this.#row(last));
      this.#ids[row] = moved;
      this.#norms[row] = this.#norms[last] as number;
      this.#rows.set(moved, row);
    }
    this.#ids.pop();
    this.#norms.pop();
    this.#rows.delete(id);
    if (last === (this.#blocks.length - 1) * this.#rowsPerBlock) this.#blocks.pop();
    return true;
  }

  /** A view of the row, valid until the next change. */
  get(id: string): Float32Array | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : this.#row(row);
  }

  /** Similarity of every row to `query`, in the order of `ids`. `query` has `dimensions` values. */
  scores(metric: Metric, query: Float32Array): Float64Array {
    const { dimensions } = this;
    const scores = new Float64Array(this.size);
    const length = norm(query);
    const compare = metric === 'hamming' ? equalBitsFromDot : cosineFromDot;
    for (let row = 0; row < scores.length; row++) {
      const block = this.#blocks[Math.floor(row / this.#rowsPerBlock)] as Float32Array;
      const offset = (row % this.#rowsPerBlock) * dimensions;
      scores[row] =
        metric === 'euclidean'
          ? similarityFromDistance(squaredDistance(block, offset, query), dimensions)
          : compare(dot(block, offset, query), this.#norms[row] as number, length);
    }
    return scores;
  }

  #row(row: number): Float32Array {
    const block = this.#blocks[Math.floor(row / this.#rowsPerBlock)] as Float32Array;
    const offset = (row % this.#rowsPerBlock) * this.dimensions;
    return block.subarray(offset, offset + this.dimensions);
  }
}
