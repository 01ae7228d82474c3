import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { VideoLocation, VideoRecord } from '../core/video';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { FoundFile } from './found-files';
import { retryOnce } from './worker-stops';

/** Takes found files into the library: which video each one is, and where it lies. */
export type IntakeOptions = {
  readonly signal: AbortSignal;
  /** The records in the library now; a file that lies where it lay, unchanged, is not read again. */
  readonly known: readonly VideoRecord[];
  /** After each written batch: the records, and the file each was found as. The last may come after a cancel. */
  readonly onBatch: (records: readonly VideoRecord[], files: ReadonlyMap<string, FoundFile>) => Promise<void>;
  readonly onRead: () => void;
};

type Identified = {
  readonly id: string;
  readonly location: VideoLocation;
  readonly labels: readonly string[];
  readonly found: FoundFile;
  readonly error?: ErrorRecord;
};

const readers = 4;
const batchSize = 64;
const batchPatience = 300;

/** A file that cannot be read has no content to know it by: it is listed by its path until it can. */
const unreadId = (path: string): string => `unread:${path}`;

export const isUnread = ({ id }: VideoRecord): boolean => id.startsWith(unreadId(''));

export async function takeIn(
  files: readonly FoundFile[],
  { extract, library }: { extract: ExtractApi; library: LibraryApi },
  { signal, known, onBatch, onRead }: IntakeOptions,
): Promise<void> {
  const places = new Map(
    known.flatMap((video) => video.locations.map((location) => [placeKey(location), { id: video.id, location }])),
  );
  let batch: Identified[] = [];
  let written = performance.now();
  let writing: Promise<void> = Promise.resolve();

  const identify = async (found: FoundFile): Promise<Identified> => {
    const { folder, path, labels } = found;
    try {
      const file = await found.open();
      const location = { folder, path, bytes: file.size, modified: file.lastModified };
      const place = folder === null ? undefined : places.get(placeKey(location));
      const same = place?.location.bytes === file.size && place.location.modified === file.lastModified;
      const id = same ? place.id : await retryOnce(() => extract.identify({ file }));
      return { id, location, labels, found };
    } catch (cause) {
      if (isAbortError(cause)) throw cause;
      const error =
        cause instanceof AppError
          ? cause
          : new AppError('file-unreadable', cause instanceof Error ? cause.message : String(cause));
      const location = { folder, path, bytes: 0, modified: 0 };
      return { id: unreadId(path), location, labels, found, error: toErrorRecord(error) };
    }
  };

  const write = async (identified: readonly Identified[]) => {
    if (signal.aborted) return;
    const records = await library.enqueue({
      files: identified.map(({ id, location, labels }) => ({ id, location, labels })),
    });
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { id, error } of identified) if (error) byId.set(id, await library.fail({ id, error }));
    await onBatch([...byId.values()], new Map(identified.map(({ id, found }) => [id, found])));
  };

  const flush = () => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    written = performance.now();
    writing = writing.then(() => write(full));
    // Whoever awaits `writing` at the end hears of the failure; until then it must not count as unhandled.
    writing.catch(() => undefined);
  };

  let next = 0;
  const reader = async () => {
    while (next < files.length) {
      signal.throwIfAborted();
      const identified = await identify(files[next++] as FoundFile);
      batch.push(identified);
      onRead();
      if (batch.length >= batchSize || performance.now() - written > batchPatience) flush();
    }
  };
  try {
    await Promise.all(Array.from({ length: readers }, reader));
  } finally {
    flush();
    await writing;
  }
}

function placeKey({ folder, path }: VideoLocation): string {
  return `${folder}/${path}`;
}
