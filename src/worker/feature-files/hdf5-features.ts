import type { Dataset, Group, File as Hdf5File } from 'h5wasm';
import { isOutOfMemory } from '../../core/errors';
import { halfToNumber } from '../../core/half-float';
import { type Example, type FeatureFormat, ofMoments, type ReadOptions, splitLabels, unsound } from './example';

/** Sets that the reader knows by name. */
const known = {
  features: ['feature_vectors', 'color_vid2imgs', 'audio_embeddings', 'features'],
  labels: ['feature_labels', 'vid_labels', 'audio_labels', 'labels'],
  ids: ['video_paths', 'video_ids', 'ids'],
} as const;

const bytesAtOnce = 4 * 1024 ** 2;
const setsAtOnce = 64;

/**
 * HDF5: one set of all features with one of labels beside it (`feature_vectors`/`feature_labels`,
 * `color_vid2imgs`/`vid_labels`, `audio_embeddings`), rows of values or of moments; or one set a video, [moments x values],
 * whose name is the video's path, its folders being groups.
 */
export const hdf5Features: FeatureFormat = {
  name: 'HDF5',
  named: /\.(h5|hdf5)$/i,
  begins: (head) => [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => head[i] === byte),
  async *examples(file, options) {
    const { default: hdf5 } = await import('h5wasm');
    const library = await hdf5.ready;
    const { FS } = library;
    const folder = `/${crypto.randomUUID()}`;
    FS.mkdir(folder);
    // Read by slices where they are asked for, synchronously: only a worker can.
    const named = new File([file], 'features.h5');
    FS.mount((FS.filesystems as Record<'WORKERFS', FS.FileSystemType>).WORKERFS, { files: [named] }, folder);
    try {
      yield* hdf5Examples(() => new hdf5.File(`${folder}/features.h5`, 'r'), library, options);
    } finally {
      FS.unmount(folder);
    }
  },
};

/** What makes the library throw where it fails: left alone it says so by a status that `h5wasm` passes over, and what it could
 * not read would come as zeros, or as what lay in memory before. */
type ErrorHandling = { activate_throwing_error_handler(): number; deactivate_throwing_error_handler(): number };

/** The examples of a file, which is closed at the end. */
export async function* hdf5Examples(
  open: () => Hdf5File,
  handling: ErrorHandling,
  options: ReadOptions,
): AsyncGenerator<readonly Example[]> {
  const root = strictly(handling, open, () => 'this HDF5 file is damaged or cut off');
  try {
    const reader: Reader = { root, read: (get, failed) => strictly(handling, get, failed) };
    const found = known.features.map((name) => datasetOf(root, name)).find((set) => set !== undefined);
    if (found) yield* fromOneSet(reader, found, options);
    else yield* fromSets(reader, options);
  } finally {
    root.close();
  }
}

type Reader = {
  readonly root: Group;
  /** Reads; `failed` says in words what could not be read. Errors: `features-file-invalid`. */
  read<Result>(get: () => Result, failed: (why: string) => string): Result;
};

function strictly<Result>(handling: ErrorHandling, get: () => Result, failed: (why: string) => string): Result {
  handling.activate_throwing_error_handler();
  try {
    return get();
  } catch (error) {
    if (error instanceof DOMException || isOutOfMemory(error)) throw error;
    const filter = /required filter '([^']+)' is not registered/.exec(String(error))?.[1];
    throw unsound(failed(filter ? `is compressed by ${filter}; gzip is known here` : 'is damaged or cut off'));
  } finally {
    handling.deactivate_throwing_error_handler();
  }
}

async function* fromOneSet(
  reader: Reader,
  features: Dataset,
  { signal, onRead, moments }: ReadOptions,
): AsyncGenerator<readonly Example[]> {
  const [count = 0, ...shape] = features.shape ?? [];
  const name = features.path.slice(1);
  if (count === 0 || shape.length < 1 || shape.length > 2 || shape.includes(0)) {
    throw unsound(`the set ${name} has the shape (${(features.shape ?? []).join(', ')}); rows of values are needed`);
  }
  const labels = textsOf(reader, known.labels, count);
  const paths = textsOf(reader, known.ids, count);
  if (!labels && !paths)
    throw unsound(`there is no set of labels beside ${name}; it would be one of ${known.labels.join(', ')}`);
  const width = shape.at(-1) as number;
  const size = shape.reduce((product, side) => product * side, 1);
  const step = Math.max(1, Math.floor(bytesAtOnce / (8 * size)));
  for (let from = 0; from < count; from += step) {
    signal?.throwIfAborted();
    const to = Math.min(count, from + step);
    const rows = (first: number, end: number) => {
      const place = () => `row ${end - first === 1 ? first : firstUnread(first, end, rows)} of ${name}`;
      return reader.read(
        () => rawValues(features, (set) => set.slice([[first, end], ...shape.map((): [] => [])])),
        (why) => `${place()} ${why}`,
      );
    };
    const values = numbers(rows(from, to), features);
    yield Array.from({ length: to - from }, (_, i): Example => {
      const own = values.slice(i * size, (i + 1) * size);
      return {
        at: `row ${from + i} of ${name}`,
        id: paths?.[from + i],
        labels: labels && splitLabels(labels[from + i] as string),
        ...(shape.length === 1 ? { vector: own } : ofMoments(own, width, moments)),
      };
    });
    onRead(to / count);
  }
}

/** The row that reading some rows failed at. */
function firstUnread(from: number, to: number, read: (first: number, end: number) => unknown): number {
  for (let row = from; row < to; row++) {
    try {
      read(row, row + 1);
    } catch {
      return row;
    }
  }
  return from;
}

async function* fromSets(
  { root, read }: Reader,
  { signal, onRead, moments }: ReadOptions,
): AsyncGenerator<readonly Example[]> {
  const paths = root.paths().filter((path) => isDataset(root, path));
  const sets = paths.filter((path) => [1, 2].includes(datasetOf(root, path)?.shape?.length ?? 0));
  if (sets.length === 0) {
    const names = root.keys().slice(0, 10).join(', ') || 'nothing';
    throw unsound(`the file has neither ${known.features.join(', ')} nor a set a video; it has: ${names}`);
  }
  for (let from = 0; from < sets.length; from += setsAtOnce) {
    signal?.throwIfAborted();
    yield sets.slice(from, from + setsAtOnce).map((path): Example => {
      const set = datasetOf(root, path) as Dataset;
      const shape = set.shape as number[];
      const raw = () => rawValues(set, ({ value }) => value);
      const values = numbers(
        read(raw, (why) => `the set ${path} ${why}`),
        set,
      );
      const width = shape.at(-1) as number;
      if (values.length === 0) throw unsound(`the set ${path} is empty`);
      const common = { at: `set ${path}`, id: path.replace(/^\//, ''), labels: undefined };
      return { ...common, ...(shape.length === 1 ? { vector: values } : ofMoments(values, width, moments)) };
    });
    onRead(Math.min(1, (from + setsAtOnce) / sets.length));
  }
}

function datasetOf(root: Group, name: string): Dataset | undefined {
  const entity = isDataset(root, name) ? root.get(name) : undefined;
  return entity ? (entity as Dataset) : undefined;
}

function isDataset(root: Group, name: string): boolean {
  // H5G_DATASET
  return root.get_type(name) === 1;
}

function textsOf({ root, read }: Reader, names: readonly string[], count: number): readonly string[] | undefined {
  const set = names.map((name) => datasetOf(root, name)).find((each) => each !== undefined);
  if (!set) return undefined;
  const name = set.path.slice(1);
  const values = read(
    () => Array.from((set.value ?? []) as ArrayLike<string | number | bigint>, String),
    (why) => `the set ${name} ${why}`,
  );
  if (values.length !== count)
    throw unsound(`the set ${name} has ${values.length} rows where the features have ${count}`);
  return values;
}

/** What `get` reads; halves, which `h5wasm` does not know, come as their bits. */
function rawValues(set: Dataset, get: (set: Dataset) => unknown): unknown {
  if (!isOfHalves(set)) return get(set);
  // H5T_INTEGER
  Object.defineProperty(set, 'metadata', { value: { ...set.metadata, type: 0 }, configurable: true });
  try {
    return get(set);
  } finally {
    Reflect.deleteProperty(set, 'metadata');
  }
}

// H5T_FLOAT
const isOfHalves = ({ metadata: { type, size } }: Dataset) => type === 1 && size === 2;

/** As float32. Bytes of sound are YouTube-8M's quantised ones. */
function numbers(values: unknown, set: Dataset): Float32Array {
  const { path } = set;
  if (values instanceof Uint8Array && path.endsWith('audio_embeddings')) {
    return Float32Array.from(values, (byte) => byte * (4 / 255) + 4 / 512 - 2);
  }
  if (values instanceof Float32Array) return values;
  if (values instanceof Uint16Array && isOfHalves(set)) return Float32Array.from(values, halfToNumber);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float32Array.from(values, Number);
  if (ArrayBuffer.isView(values)) return Float32Array.from(values as unknown as ArrayLike<number>);
  throw unsound(`the set ${path} is of type ${JSON.stringify(set.dtype)}; numbers are needed`);
}
