import type { Database } from './database';
import type { PackRow, VectorRow } from './schema';

/** Vectors of one pack: 4 MB of ResNet-50's. */
export const packedVideos = 512;
/** Packs on their way at a time. */
const readAhead = 4;

export type LoadedVector = Pick<VectorRow, 'video' | 'vector' | 'frames'>;

export type LoadReport = {
  /** Vectors that no pack holds. */
  readonly unpacked: number;
  /** Packs most of whose vectors were replaced or deleted since. */
  readonly stale: readonly number[];
};

/** Hands every vector of a space for which `isHeld` to `take`, as they are at one moment. */
export function loadVectors(
  database: Database,
  space: string,
  isHeld: (video: string) => boolean,
  take: (vector: LoadedVector) => void,
): Promise<LoadReport> {
  return database.read(['vectors', 'packs', 'unpacked'], async (tx) => {
    const packs = tx.objectStore('packs');
    const [keys, markers] = await Promise.all([
      packs.index('space').getAllKeys(space),
      tx.objectStore('unpacked').getAllKeys(ofSpace(space)),
    ]);
    // A vector may also lie in older packs, as it was: the marker comes first, then the newest pack.
    const known = new Set(markers.map(([, video]) => video));
    const stale: number[] = [];
    keys.reverse();
    const reading = keys.slice(0, readAhead).map((key) => packs.get(key));
    for (const [i, key] of keys.entries()) {
      const pack = await reading.shift();
      const following = keys[i + readAhead];
      // Read on while this one is taken in.
      if (following !== undefined) reading.push(packs.get(following));
      if (!pack) continue;
      let live = 0;
      for (const row of rowsOf(pack)) {
        if (known.has(row.video) || !isHeld(row.video)) continue;
        known.add(row.video);
        take(row);
        live++;
      }
      if (live < pack.videos.length / 2) stale.push(key);
    }
    for (let from = 0; from < markers.length; from += packedVideos) {
      const some = markers.slice(from, from + packedVideos);
      for (const row of await Promise.all(some.map((marker) => tx.objectStore('vectors').get(marker)))) {
        if (row && isHeld(row.video)) take(row);
      }
    }
    return { unpacked: markers.length, stale };
  });
}

/** Packs 512 of a space's unpacked vectors, where there are that many. */
export function packVectors(database: Database, space: string): Promise<void> {
  return database.write(
    ['vectors', 'packs', 'unpacked'],
    async (tx) => {
      const markers = await tx.objectStore('unpacked').getAllKeys(ofSpace(space), packedVideos);
      if (markers.length < packedVideos) return;
      const rows = await Promise.all(markers.map((marker) => tx.objectStore('vectors').get(marker)));
      const byLength = new Map<number, VectorRow[]>();
      for (const row of rows) {
        if (row) byLength.set(row.vector.length, [...(byLength.get(row.vector.length) ?? []), row]);
      }
      await Promise.all([
        ...[...byLength.values()].map((some) => tx.objectStore('packs').add(packOf(some))),
        ...markers.map((marker) => tx.objectStore('unpacked').delete(marker)),
      ]);
    },
    { durability: 'relaxed' },
  );
}

/** Dissolves packs; what they hold is to be packed anew. */
export function unpack(database: Database, packs: readonly number[]): Promise<void> {
  return database.write(
    ['vectors', 'packs', 'unpacked'],
    async (tx) => {
      for (const key of packs) {
        const pack = await tx.objectStore('packs').get(key);
        if (!pack) continue;
        const { space } = pack;
        const present = await Promise.all(pack.videos.map((video) => tx.objectStore('vectors').getKey([space, video])));
        for (const found of present) if (found) tx.objectStore('unpacked').put({ space, video: found[1] });
        await tx.objectStore('packs').delete(key);
      }
    },
    { durability: 'relaxed' },
  );
}

/** One pack of vectors of one space and length. */
export function packOf(rows: readonly VectorRow[]): PackRow {
  const dimensions = rows[0]?.vector.length ?? 0;
  const matrix = new Float32Array(rows.length * dimensions);
  for (const [i, { vector }] of rows.entries()) matrix.set(vector, i * dimensions);
  return {
    space: rows[0]?.space ?? '',
    videos: rows.map(({ video }) => video),
    frames: rows.map(({ frames }) => frames),
    dimensions,
    matrix,
  };
}

function* rowsOf({ videos, frames, dimensions, matrix }: PackRow): Generator<LoadedVector> {
  for (const [i, video] of videos.entries()) {
    yield { video, frames: frames[i] ?? 0, vector: matrix.subarray(i * dimensions, (i + 1) * dimensions) };
  }
}

function ofSpace(space: string): IDBKeyRange {
  return IDBKeyRange.bound([space], [space, []]);
}
