import type { Database } from './database';
import { readSomeVectors } from './features';
import type { PackRow, VectorRow } from './schema';

/** Vectors of one pack: 4 MB of ResNet-50's. */
export const packedVideos = 512;

/** Vectors that are packed at once where they come all together: a multiple of the others, of 4 MB as far as so many fit
 * in. Opening a file takes longer than reading one of less. */
export function packedTogether(dimensions: number): number {
  return packedVideos * Math.max(1, Math.floor(2 ** 22 / (packedVideos * dimensions * 4)));
}

export type LoadedVector = Pick<VectorRow, 'video' | 'vector' | 'frames'>;

export type LoadReport = {
  /** Vectors that no pack holds. */
  readonly unpacked: number;
  /** Packs most of whose vectors were replaced or deleted since. */
  readonly stale: readonly number[];
};

/**
 * Hands every vector of a space for which `isHeld` to `take`, each valid until the next. They are as they were at one moment, but for those of a pack
 * that cannot be read, which come from their rows; what is stored meanwhile is the caller's to tell apart. `onRead` hears
 * how many of the vectors were read.
 */
export async function loadVectors(
  database: Database,
  space: string,
  isHeld: (video: string) => boolean,
  take: (vector: LoadedVector) => void,
  onRead: (vectors: number, of: number) => void = () => undefined,
): Promise<LoadReport> {
  // A vector may also lie in older packs, as it was: the marker comes first, then the newest pack.
  const known = new Set<string>();
  let [read, all] = [0, 0];
  const packs = await database.read(['vectors', 'packs', 'unpacked'], async (tx) => {
    const store = tx.objectStore('packs');
    const [keys, markers] = await Promise.all([
      store.index('space').getAllKeys(space),
      tx.objectStore('unpacked').getAllKeys(ofSpace(space)),
    ]);
    keys.reverse();
    known.clear();
    for (const [, video] of markers) known.add(video);
    const rows = await Promise.all(keys.map((key) => store.get(key)));
    read = 0;
    all = rows.reduce((sum, pack) => sum + (pack?.videos.length ?? 0), markers.length);
    for (let from = 0; from < markers.length; from += packedVideos) {
      const some = markers.slice(from, from + packedVideos);
      for (const row of await Promise.all(some.map((marker) => tx.objectStore('vectors').get(marker)))) {
        if (row && isHeld(row.video)) take(row);
      }
      read += some.length;
      onRead(read, all);
    }
    return keys.flatMap((key, i) => {
      const pack = rows[i];
      return pack ? [{ key, pack }] : [];
    });
  });
  const unpacked = known.size;
  const stale: number[] = [];
  const files = packs.map(({ pack }) => ({ name: pack.file, length: pack.videos.length * pack.dimensions }));
  await database.packFiles.readEach(files, async (matrix, i) => {
    const { pack, key } = packs[i] as (typeof packs)[number];
    const wanted = (video: string) => !known.has(video) && isHeld(video);
    const rows = matrix ? rowsOf(pack, matrix) : await readSomeVectors(database, space, pack.videos.filter(wanted));
    let live = 0;
    for (const row of rows) {
      if (!row || !wanted(row.video)) continue;
      known.add(row.video);
      take(row);
      live++;
    }
    if (!matrix || live < pack.videos.length / 2) stale.push(key);
    read += pack.videos.length;
    onRead(read, all);
  });
  return { unpacked, stale };
}

/** Packs 512 of a space's unpacked vectors, where there are that many. */
export async function packVectors(database: Database, space: string): Promise<void> {
  const rows = await database.read(['vectors', 'unpacked'], async (tx) => {
    const markers = await tx.objectStore('unpacked').getAllKeys(ofSpace(space), packedVideos);
    if (markers.length < packedVideos) return [];
    return Promise.all(markers.map((marker) => tx.objectStore('vectors').get(marker)));
  });
  const byLength = new Map<number, VectorRow[]>();
  for (const row of rows) {
    if (row) byLength.set(row.vector.length, [...(byLength.get(row.vector.length) ?? []), row]);
  }
  for (const some of byLength.values()) await pack(database, some);
}

/** Writes the vectors of a pack, [videos x dimensions]; gives the file's name for its row. Undefined where there can be no
 * file: vectors are found without. */
export async function writePackFile(database: Database, matrix: Float32Array): Promise<string | undefined> {
  const file = crypto.randomUUID();
  try {
    await database.packFiles.write(file, matrix);
    return file;
  } catch {
    return undefined;
  }
}

/** Packs vectors of one space and length. What is stored meanwhile stays unpacked. */
async function pack(database: Database, rows: readonly VectorRow[]): Promise<void> {
  const file = crypto.randomUUID();
  await database.packFiles.write(file, matrixOfRows(rows));
  await database.write(
    ['vectors', 'packs', 'unpacked'],
    async (tx) => {
      const keys = rows.map(({ space, video }): [string, string] => [space, video]);
      const now = await Promise.all(keys.map((key) => tx.objectStore('vectors').get(key)));
      const kept = keys.filter((_, i) => sameVector(now[i], rows[i] as VectorRow));
      await Promise.all([
        tx.objectStore('packs').add(packOf(rows, file)),
        ...kept.map((key) => tx.objectStore('unpacked').delete(key)),
      ]);
    },
    { durability: 'relaxed' },
  );
}

function sameVector(now: VectorRow | undefined, then: VectorRow): boolean {
  if (!now || now.frames !== then.frames || now.vector.length !== then.vector.length) return false;
  return now.vector.every((value, i) => Object.is(value, then.vector[i]));
}

/** Dissolves packs; what they hold is to be packed anew. Gives how many vectors that are. */
export function unpack(database: Database, packs: readonly number[]): Promise<number> {
  return database.write(
    ['vectors', 'packs', 'unpacked'],
    async (tx) => {
      let unpacked = 0;
      for (const key of packs) {
        const pack = await tx.objectStore('packs').get(key);
        if (!pack) continue;
        const { space } = pack;
        const present = await Promise.all(pack.videos.map((video) => tx.objectStore('vectors').getKey([space, video])));
        for (const found of present) {
          if (!found) continue;
          tx.objectStore('unpacked').put({ space, video: found[1] });
          unpacked++;
        }
        await tx.objectStore('packs').delete(key);
      }
      return unpacked;
    },
    { durability: 'relaxed' },
  );
}

/** Removes files that no pack is in. One that is being packed in another tab may be among them: it counts as lost then. */
export async function removeLooseFiles(database: Database): Promise<void> {
  const files = await database.packFiles.names();
  const packs = await database.read(['packs'], (tx) => tx.objectStore('packs').getAll());
  const used = new Set(packs.map(({ file }) => file));
  await database.packFiles.remove(files.filter((file) => !used.has(file)));
}

function packOf(rows: readonly VectorRow[], file: string): PackRow {
  return {
    space: rows[0]?.space ?? '',
    videos: rows.map(({ video }) => video),
    frames: rows.map(({ frames }) => frames),
    dimensions: rows[0]?.vector.length ?? 0,
    file,
  };
}

function matrixOfRows(rows: readonly VectorRow[]): Float32Array {
  const dimensions = rows[0]?.vector.length ?? 0;
  const matrix = new Float32Array(rows.length * dimensions);
  for (const [i, { vector }] of rows.entries()) matrix.set(vector, i * dimensions);
  return matrix;
}

function* rowsOf({ videos, frames, dimensions }: PackRow, matrix: Float32Array): Generator<LoadedVector> {
  for (const [i, video] of videos.entries()) {
    yield { video, frames: frames[i] ?? 0, vector: matrix.subarray(i * dimensions, (i + 1) * dimensions) };
  }
}

function ofSpace(space: string): IDBKeyRange {
  return IDBKeyRange.bound([space], [space, []]);
}
