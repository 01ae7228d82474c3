import { type LibraryMoments, type MomentStage, MomentSums, squaredBeside } from '../../core/ranking/library-moments';

/** Share by which a library may change before its moments are taken anew. */
const drift = 0.01;

/** What a library is like, and how far from its mean each vector lies. Sums follow every change at the cost of that one
 * vector; all lengths are renewed when enough has changed. */
export class BesideLibrary {
  readonly #sums: MomentSums;
  readonly #squared = new Map<string, number>();
  #moments: LibraryMoments | undefined;
  #changes = 0;

  constructor(
    readonly stage: MomentStage,
    dimensions: number,
  ) {
    this.#sums = new MomentSums(dimensions);
  }

  put(video: string, vector: Float32Array): void {
    this.#sums.add(vector);
    this.#changes++;
    if (this.#moments) this.#squared.set(video, squaredBeside(vector, this.#moments));
  }

  remove(video: string, vector: Float32Array): void {
    this.#sums.add(vector, -1);
    this.#changes++;
    this.#squared.delete(video);
  }

  /** Takes the moments anew where the library has changed by a hundredth. */
  renew(videos: readonly string[], vectorOf: (video: string) => Float32Array | undefined): void {
    if (this.#moments && this.#changes <= drift * this.#sums.count) return;
    this.#changes = 0;
    const moments = this.#sums.moments(this.stage);
    this.#moments = moments;
    this.#squared.clear();
    for (const video of videos) {
      const vector = vectorOf(video);
      if (vector) this.#squared.set(video, squaredBeside(vector, moments));
    }
  }

  get moments(): LibraryMoments {
    return this.#moments ?? this.#sums.moments(this.stage);
  }

  /** Squared length of a video's vector beside the moments. */
  squared(video: string): number {
    return this.#squared.get(video) ?? 0;
  }
}
