import { comparisonOf } from '../src/core/ranking/comparison';
import type { Candidate } from '../src/core/ranking/rank-candidates';
import { rankCandidates } from '../src/core/ranking/rank-candidates';
import { rankRow } from '../src/core/ranking/rank-row';
import { improvedRecipe, originalRecipe } from '../src/core/ranking/recipe';
import { topK } from '../src/core/ranking/top-k';
import { resnet50 } from '../src/extractors/resnet50';
import { serve } from '../src/protocol/comlink';
import { sharpened } from '../src/worker/library/rank';
import { SpaceIndex } from '../src/worker/library/space-index';
import { viewSpace } from '../src/worker/library/space-view';
import { Database } from '../src/worker/storage/database';
import { loadVectors, packedVideos, packVectors } from '../src/worker/storage/packs';
import type { VectorRow } from '../src/worker/storage/schema';

const { metric, aggregation, sampling } = resnet50;
const dimensions = resnet50.dimensions ?? 0;
const geometry = { metric, aggregation, frameDimensions: dimensions } as const;
const space = 'bench';
const database = new Database('reelmatch-bench');

const floats = { bytesFrom: Number.POSITIVE_INFINITY };
const both = { bytesFrom: 0 };
const compact = { compact: true };
/** How an index is kept, and by how many threads it is searched: one, or as many as searching takes. */
const keepings = {
  floats: { ...floats, threads: 1 },
  both: { ...both, threads: 1 },
  floatsByThreads: floats,
  bothByThreads: both,
  compactByThreads: compact,
} as const;
let gallery = new SpaceIndex(geometry);
/** The same vectors, kept in another way. */
let other: SpaceIndex | undefined;
let gone: ReadonlySet<string> = new Set();
let candidates: readonly Candidate[] = [];

const nameOf = (row: number) => `v${String(row).padStart(6, '0')}`;

function randomVector(): Float32Array {
  return Float32Array.from({ length: dimensions }, Math.random);
}

const api = {
  /** Random vectors in the index that searching reads, as the stages of a ranking leave them. */
  async fillIndex({
    videos,
    improved = false,
    kept = 'floats',
    besides,
  }: {
    videos: number;
    improved?: boolean;
    kept?: keyof typeof keepings;
    besides?: keyof typeof keepings;
  }): Promise<void> {
    const comparison = comparisonOf(metric, improved ? improvedRecipe : originalRecipe, 1);
    gallery = new SpaceIndex(geometry, comparison, keepings[kept]);
    other = besides && new SpaceIndex(geometry, undefined, keepings[besides]);
    for (let row = 0; row < videos; row++) {
      const made = { video: nameOf(row), vector: randomVector(), frames: 8 };
      gallery.put(made);
      other?.put(made);
    }
    candidates = gallery.ids.map((id) => ({ id, path: id }));
  },

  /** Scores every vector against a new one and ranks the best, seconds. */
  async search({ limit, by = 'gallery' }: { limit: number; by?: 'gallery' | 'other' }): Promise<number> {
    const index = by === 'other' ? other : gallery;
    if (!index) throw new Error('There is no other index');
    const query = randomVector();
    const started = performance.now();
    const scored = index.scores(query);
    const matches = rankCandidates(candidates, scored?.scores ?? new Float64Array(), limit);
    const seconds = (performance.now() - started) / 1000;
    if (matches.length !== limit) throw new Error(`${matches.length} matches`);
    return seconds;
  },

  async recall({ limit, queries }: { limit: number; queries: number }): Promise<number> {
    let found = 0;
    for (let query = 0; query < queries; query++) {
      const vector = randomVector();
      const best = (index: SpaceIndex | undefined) =>
        rankCandidates(candidates, index?.scores(vector)?.scores ?? new Float64Array(), limit).map(({ id }) => id);
      const right = new Set(best(gallery));
      found += best(other).filter((id) => right.has(id)).length;
    }
    return found / (queries * limit);
  },

  /** Of vectors in a file, each asked for among all: with bytes beside floats, and by bytes alone, whose best are scored by
   * floats as the app does it. */
  async recallOf({
    file,
    limit,
  }: {
    file: File;
    limit: number;
  }): Promise<{ rows: number; both: number; compact: number }> {
    const values = new Float32Array(await file.arrayBuffer());
    const rows = values.length / dimensions;
    const rowOf = (row: number) => values.subarray(row * dimensions, (row + 1) * dimensions);
    const [exact, besides, alone] = (['floats', 'both', 'compactByThreads'] as const).map((kept) => {
      const index = new SpaceIndex(geometry, undefined, keepings[kept]);
      for (let row = 0; row < rows; row++) index.put({ video: nameOf(row), vector: rowOf(row), frames: 1 });
      return index;
    });
    const scoresOf = (index: SpaceIndex | undefined, row: number) =>
      index?.scores(rowOf(row))?.scores ?? new Float64Array();
    const best = (scores: ArrayLike<number>, count: number) => topK(Float64Array.from(scores), count, (i, j) => i < j);
    const found = { both: 0, compact: 0 };
    for (let row = 0; row < rows; row++) {
      const scores = scoresOf(exact, row);
      const right = new Set(best(scores, limit));
      const near = best(scoresOf(alone, row), sharpened);
      const again = best(
        near.map((i) => scores[i] as number),
        limit,
      ).map((i) => near[i] as number);
      found.both += best(scoresOf(besides, row), limit).filter((i) => right.has(i)).length;
      found.compact += again.filter((i) => right.has(i)).length;
    }
    return { rows, both: found.both / (rows * limit), compact: found.compact / (rows * limit) };
  },

  /** A new query through every stage of the improved ranking, seconds; where `grown`, right after a video was added. */
  async searchImproved({ limit, grown }: { limit: number; grown: boolean }): Promise<number> {
    if (grown) gallery.put({ video: nameOf(candidates.length - 1), vector: randomVector(), frames: 8 });
    const vector = randomVector();
    const started = performance.now();
    const view = viewSpace(gallery, { vector, prepared: false }, () => true);
    if (!view) throw new Error('The query cannot be compared');
    const among = (some: readonly number[]) => view.among(some.map((i) => view.ids[i] as string));
    const { scores, reranked } = rankRow([{ ...view, weight: 1, among }], improvedRecipe, (i, j) => i < j, limit);
    const matches = rankCandidates(candidates, scores, limit);
    const seconds = (performance.now() - started) / 1000;
    if (matches.length !== limit || reranked.length !== improvedRecipe.candidates)
      throw new Error('Nothing was ranked');
    return seconds;
  },

  /** Stores random vectors as the app does: a row each, and packs of them. */
  async fillStore({ videos }: { videos: number }): Promise<void> {
    for (let from = 0; from < videos; from += packedVideos) {
      const rows = Array.from({ length: Math.min(packedVideos, videos - from) }, (_, i): VectorRow => {
        return { space, video: nameOf(from + i), vector: randomVector(), frames: 8, sampling };
      });
      await database.write(['vectors', 'unpacked'], async (tx) => {
        await Promise.all(
          rows.flatMap((row) => [
            tx.objectStore('vectors').put(row),
            tx.objectStore('unpacked').put({ space, video: row.video }),
          ]),
        );
      });
      await packVectors(database, space);
    }
  },

  /** Deletes every tenth of the stored vectors, as the app does: packs keep theirs until they are tidied up. */
  async deleteSome({ videos }: { videos: number }): Promise<number> {
    gone = new Set(Array.from({ length: Math.ceil(videos / 10) }, (_, i) => nameOf(10 * i)));
    await database.write(['vectors'], async (tx) => {
      await Promise.all([...gone].map((video) => tx.objectStore('vectors').delete([space, video])));
    });
    return videos - gone.size;
  },

  /** From storage into an index, by packs or by rows, seconds. */
  async load({ by, videos }: { by: 'packs' | 'rows'; videos: number }): Promise<number> {
    const index = new SpaceIndex(geometry);
    const started = performance.now();
    if (by === 'packs') {
      await loadVectors(
        database,
        space,
        (video) => !gone.has(video),
        (row) => index.put(row),
      );
    } else {
      for (const row of await database.read(['vectors'], (tx) => tx.objectStore('vectors').getAll())) index.put(row);
    }
    const seconds = (performance.now() - started) / 1000;
    if (index.ids.length !== videos) throw new Error(`${index.ids.length} vectors were loaded`);
    return seconds;
  },
};

/** Ranking and loading of many vectors, without a library around them. */
export type VectorsApi = typeof api;

serve(api);
