import { once, serial } from '../../core/async';
import { AppError } from '../../core/errors';
import { comparisonOf } from '../../core/ranking/comparison';
import { originalRecipe } from '../../core/ranking/recipe';
import type { VideoRecord } from '../../core/video';
import type { LibraryChange } from '../../protocol/library-api';
import type { Progress } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readSomeVectors, readSpaces } from '../storage/features';
import { type LoadedVector, loadVectors, packedVideos, packVectors, removeLooseFiles, unpack } from '../storage/packs';
import type { SpaceRow, VectorRow, VideoRow } from '../storage/schema';
import { purgeRemoved, readSomeVideos, readVideos } from '../storage/videos';
import { planMemory } from './memory-plan';
import { geometryOf, SpaceIndex } from './space-index';
import { joinTabs, type TabChange, type Tabs } from './tabs';

/** One form of a space's vectors. */
type OpenIndex = {
  readonly space: string;
  readonly index: SpaceIndex;
  /** What it will take in memory once it is read. */
  readonly bytes: number;
  readonly loaded: () => Promise<void>;
  /** Who waits for it. */
  readonly told: Set<OnProgress>;
};

type OnProgress = (progress: Progress) => void;

/** Milliseconds after which one who waits hears how far it is, the first time and again. */
const tellAfter = 100;

/** Videos that are deleted for good in one transaction, and vectors that are read in one: others wait for no more. */
const purgedTogether = 100;
const readTogether = 256;

/** What of the database is kept in memory: every record, and the vectors of the spaces that were asked for. */
export class Catalogue {
  readonly #database: Database;
  readonly #tabs: Tabs;
  readonly #listeners = new Set<(change: LibraryChange) => void>();
  readonly #indexes = new Map<string, OpenIndex>();
  /** Values of a vector on average, of spaces that took more memory than was reckoned: lengths may differ. */
  readonly #lengths = new Map<string, number>();
  readonly #unpacked = new Map<string, number>();
  readonly #serial = serial();
  #records = new Map<string, VideoRow>();
  #load: () => Promise<void>;
  #notice: ReturnType<typeof setTimeout> | undefined;
  /** What the next notice tells of. */
  #untold: LibraryChange = { videos: [] };
  #memory = vectorMemory();

  constructor(database: Database, name: string) {
    this.#database = database;
    // What cannot be read now is read again by the next call, which says why it fails.
    this.#tabs = joinTabs(name, (change) => this.#refresh(change).catch(() => this.#restart()));
    database.onLost = () => {
      this.#restart();
      this.#notify('everything');
    };
    this.#load = once(() => this.#first());
  }

  /** Records that are not removed. */
  async videos(): Promise<VideoRecord[]> {
    await this.#load();
    return [...this.#records.values()].filter(isVisible);
  }

  /** Errors: `video-missing`. */
  async video(id: string): Promise<VideoRecord> {
    await this.#load();
    const row = this.#records.get(id);
    if (!row || !isVisible(row)) throw new AppError('video-missing', `No video ${id} in the library`);
    return row;
  }

  /** Every record, those removed included. */
  async rows(): Promise<ReadonlyMap<string, VideoRow>> {
    await this.#load();
    return this.#records;
  }

  /** The vectors of a space, as the recipe's stages leave them (where the descriptor takes them) beside so many
   * descriptors. Each form is read when it is asked for and kept apart; those that were not asked for the longest make room.
   * `compact` is what may be given where the floats are too many. Errors: `features-missing` where the library has none,
   * `library-too-large`. `onProgress` hears of reading that takes a while. */
  async index(
    space: string,
    recipe = originalRecipe,
    descriptors = 1,
    { compact = false, onProgress }: { readonly compact?: boolean; readonly onProgress?: OnProgress | undefined } = {},
  ): Promise<SpaceIndex> {
    await this.#load();
    const comparison = JSON.stringify(comparisonOf('cosine', recipe, descriptors));
    for (const form of [`${space} ${comparison}`, ...(compact ? [`${space} ${comparison} compact`] : [])]) {
      const known = this.#indexes.get(form);
      if (!known) continue;
      // The last in the map is the one that was asked for last.
      this.#indexes.delete(form);
      this.#indexes.set(form, known);
      await waitFor(known, onProgress);
      return known.index;
    }
    const row = (await readSpaces(this.#database)).find(({ key }) => key === space);
    if (!row) throw new AppError('features-missing', 'The library holds no vectors of this kind', { space });
    const geometry = geometryOf(row);
    const length = Math.max(row.dimensions, this.#lengths.get(space) ?? 0);
    const { bytes, ...keeping } = planMemory(this.#countIn(space) * length, this.#memory, compact);
    const form = `${space} ${comparison}${keeping.compact ? ' compact' : ''}`;
    if (this.#indexes.has(form)) return this.index(space, recipe, descriptors, { compact, onProgress });
    this.#makeRoom(bytes);
    const index = new SpaceIndex(geometry, comparisonOf(geometry.metric, recipe, descriptors), keeping);
    const open = this.#openIndex(row, index, bytes);
    this.#indexes.set(form, open);
    await waitFor(open, onProgress);
    return index;
  }

  /** Undefined brings the default back. What is in memory is read anew when it is asked for. */
  setMemory(bytes = vectorMemory()): void {
    if (bytes === this.#memory) return;
    this.#memory = bytes;
    this.#indexes.clear();
  }

  /** Takes over what a transaction has just stored, and tells every tab. */
  async stored(rows: readonly VideoRow[], vectors: readonly VectorRow[] = []): Promise<void> {
    await this.#load();
    for (const row of rows) this.#records.set(row.id, row);
    for (const vector of vectors) {
      this.#put(vector);
      this.#pack(vector.space, 1);
    }
    this.#changed({ videos: rows.map(({ id }) => id), spaces: [...new Set(vectors.map(({ space }) => space))] });
  }

  /** Runs a task while nothing is packed and no file of packs removed. */
  undisturbed<T>(task: () => Promise<T>): Promise<T> {
    return this.#serial(task);
  }

  /** Takes over that a transaction has deleted videos for good. */
  async deleted(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#load();
    for (const id of ids) this.#forget(id);
    this.#changed({ videos: ids, spaces: [] });
  }

  /** Deletes for good those of the videos that are marked as removed, at the latest `by`. */
  async purge(ids: readonly string[], by = Date.now()): Promise<void> {
    for (let from = 0; from < ids.length; from += purgedTogether) {
      await this.deleted(await purgeRemoved(this.#database, ids.slice(from, from + purgedTogether), by));
    }
  }

  /** Reads all anew at the next call, here and in every tab. */
  reset(): void {
    this.#restart();
    this.#changed('everything');
  }

  subscribe(listener: (change: LibraryChange) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    clearTimeout(this.#notice);
    this.#tabs.close();
    this.#database.close();
  }

  async #first(): Promise<void> {
    const alone = await this.#tabs.alone;
    await this.#readAll();
    const removed = [...this.#records.values()].filter((row) => !isVisible(row)).map(({ id }) => id);
    const now = Date.now();
    // Nobody is left who could bring them back.
    if (alone && removed.length > 0) this.#tidy(() => this.purge(removed, now));
  }

  async #readAll(): Promise<void> {
    this.#records = new Map((await readVideos(this.#database)).map((row) => [row.id, row]));
  }

  #countIn(space: string): number {
    let videos = 0;
    for (const { spaces } of this.#records.values()) if (spaces.includes(space)) videos++;
    return videos;
  }

  #makeRoom(bytes: number): void {
    const sizeOf = (open: OpenIndex) => Math.max(open.bytes, open.index.bytes);
    let taken = [...this.#indexes.values()].reduce((sum, open) => sum + sizeOf(open), 0);
    for (const [form, open] of this.#indexes) {
      if (taken + bytes <= this.#memory) return;
      this.#indexes.delete(form);
      taken -= sizeOf(open);
      if (open.index.bytes > open.bytes) this.#lengths.set(open.space, open.index.values / open.index.size);
    }
  }

  /** Takes a stored vector into what is in memory. An index that has outgrown it is let go: whoever asks for it next hears
   * why. */
  #put(vector: LoadedVector & Pick<VectorRow, 'space'>): void {
    for (const [form, { space, index }] of this.#indexes) {
      if (space !== vector.space) continue;
      try {
        index.put(vector);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#indexes.delete(form);
      }
    }
    this.#makeRoom(0);
  }

  #openIndex(row: SpaceRow, index: SpaceIndex, bytes: number): OpenIndex {
    const told = new Set<OnProgress>();
    const isHeld = (id: string) => this.#records.get(id)?.spaces.includes(row.key) ?? false;
    const loaded = once(async () => {
      let since = performance.now();
      const take = (vector: LoadedVector) => {
        // What is there already was stored meanwhile.
        if (!index.has(vector.video)) index.put(vector);
      };
      const { unpacked, stale } = await loadVectors(this.#database, row.key, isHeld, take, (read, of) => {
        if (performance.now() - since < tellAfter) return;
        since = performance.now();
        for (const tell of told) tell({ stage: 'Reading the vectors of the library', fraction: read / of });
      });
      this.#unpacked.set(row.key, 0);
      this.#pack(row.key, unpacked);
      if (stale.length > 0) this.#tidy(async () => this.#pack(row.key, await unpack(this.#database, stale)));
      // What a pack, an import or a crash has left behind.
      this.#tidy(() => removeLooseFiles(this.#database));
    });
    return { space: row.key, index, bytes, loaded, told };
  }

  /** Packs vectors whenever enough have come together. Packs are copies: one that fails is made another time. */
  #pack(space: string, added: number): void {
    const unpacked = (this.#unpacked.get(space) ?? 0) + added;
    this.#unpacked.set(space, unpacked % packedVideos);
    for (let left = unpacked; left >= packedVideos; left -= packedVideos) {
      this.#tidy(() => packVectors(this.#database, space));
    }
  }

  #tidy(task: () => Promise<void>): void {
    void this.#serial(task).catch(() => undefined);
  }

  #restart(): void {
    this.#indexes.clear();
    this.#load = once(() => this.#readAll());
  }

  #forget(id: string): void {
    this.#records.delete(id);
    for (const { index } of this.#indexes.values()) index.remove(id);
  }

  /** Another tab's change. */
  async #refresh(change: TabChange): Promise<void> {
    if (change === 'everything') {
      this.#restart();
    } else {
      await this.#load();
      const rows = await readSomeVideos(this.#database, change.videos);
      for (const [i, id] of change.videos.entries()) {
        const row = rows[i];
        if (row) this.#records.set(id, row);
        else this.#forget(id);
      }
      for (const space of new Set([...this.#indexes.values()].map((open) => open.space))) {
        await this.#readAnew(space, change);
      }
    }
    this.#notify(change);
  }

  async #readAnew(space: string, { videos, spaces }: Exclude<TabChange, 'everything'>): Promise<void> {
    const indexes = [...this.#indexes.values()].filter((open) => open.space === space);
    const isKnown = (id: string) => !spaces.includes(space) && indexes.every(({ index }) => index.has(id));
    const concerned = videos.filter((id) => this.#records.get(id)?.spaces.includes(space) && !isKnown(id));
    for (let from = 0; from < concerned.length; from += readTogether) {
      const some = concerned.slice(from, from + readTogether);
      for (const vector of await readSomeVectors(this.#database, space, some)) if (vector) this.#put(vector);
    }
  }

  #changed(change: TabChange): void {
    this.#tabs.announce(change);
    this.#notify(change);
  }

  /** Changes come in bursts: subscribers hear of them together. */
  #notify(change: LibraryChange): void {
    const before = this.#untold;
    this.#untold =
      change === 'everything' || before === 'everything'
        ? 'everything'
        : { videos: [...before.videos, ...change.videos] };
    this.#notice ??= setTimeout(() => {
      this.#notice = undefined;
      const told = this.#untold;
      this.#untold = { videos: [] };
      for (const listener of this.#listeners) listener(told);
    }, 40);
  }
}

async function waitFor({ loaded, told }: OpenIndex, onProgress: OnProgress | undefined): Promise<void> {
  if (onProgress) told.add(onProgress);
  try {
    await loaded();
  } finally {
    if (onProgress) told.delete(onProgress);
  }
}

/** Half of the device's memory, as far as the browser tells, and no more than a kernel can address. */
function vectorMemory(): number {
  const { deviceMemory = 4 } = (globalThis.navigator ?? {}) as { readonly deviceMemory?: number };
  return Math.min(deviceMemory / 2, 3.75) * 2 ** 30;
}

function isVisible(row: VideoRow): boolean {
  return row.removed === undefined;
}
