import { AppError } from '../../core/errors';
import type { ModelInput } from '../../extractors/extractor';
import type { ModelSource } from '../../protocol/extract-api';
import type { SelfTestResult } from './self-test';
import type { TransferSink } from './transfer';

/** What is kept beside a stored model file. */
export type StoredModelNote = {
  readonly source: ModelSource;
  /** Name the file had where it came from. */
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** What is remembered of a model, wherever its file lies; by hash. */
export type ModelMemory = {
  /** The input's layout, read from the file when it was loaded. */
  readonly layout?: ModelInput['layout'];
  /** The user's correction of the guessed preprocessing. */
  readonly input?: ModelInput;
  /** Self-tests by device. */
  readonly tests?: Readonly<Record<string, SelfTestResult>>;
};

/** A file being written: under another name until `commit`, gone after `discard`. */
export type PendingModel = TransferSink & {
  commit(note: object): Promise<void>;
  discard(): Promise<void>;
};

const folder = 'models';

/** The app's own store of model files: the origin-private file system. Writers hold the lock of {@link whileWriting}. */
export const modelStore = {
  async note<Note = StoredModelNote>(file: string): Promise<Note | undefined> {
    return readJson<Note>(`${file}.json`);
  },

  async keepNote(file: string, note: object): Promise<void> {
    await writeJson(`${file}.json`, note);
  },

  async file(file: string): Promise<File | undefined> {
    const handle = await find(file);
    return handle?.getFile().catch(undefinedWhereGone);
  },

  /** All of a file. What another tab removes or replaces meanwhile is looked for again. */
  async content(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let attempts = 3; ; attempts--) {
      const stored = await modelStore.file(file);
      if (!stored) return undefined;
      try {
        return new Uint8Array(await stored.arrayBuffer());
      } catch (error) {
        const changed = error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name);
        if (!changed || attempts === 1) throw error;
      }
    }
  },

  async begin(file: string): Promise<PendingModel> {
    const directory = await openFolder();
    const part = `${file}.part`;
    await remove(directory, part);
    const handle = await directory.getFileHandle(part, { create: true });
    const access = await handle.createSyncAccessHandle();
    let at = 0;
    return {
      write(chunk) {
        at += asStorageFull(() => access.write(chunk as Uint8Array<ArrayBuffer>, { at }));
      },
      restart() {
        access.truncate(0);
        at = 0;
      },
      async commit(note) {
        asStorageFull(() => access.flush());
        access.close();
        // Without its note a file is hashed again, so a crash between these steps leaves nothing wrong.
        await removeJson(`${file}.json`);
        await rename(directory, handle, file);
        await writeJson(`${file}.json`, note);
      },
      async discard() {
        access.close();
        await remove(directory, part);
      },
    };
  },

  async remove(file: string): Promise<void> {
    const directory = await openFolder();
    await remove(directory, file);
    await removeJson(`${file}.json`);
    await remove(directory, `${file}.part`);
  },

  async memory(sha256: string): Promise<ModelMemory> {
    return (await readJson<ModelMemory>(`${sha256}.memory.json`)) ?? {};
  },

  async remember(sha256: string, changes: ModelMemory): Promise<void> {
    await whileWriting(sha256, async () => {
      const known = await modelStore.memory(sha256);
      await writeJson(`${sha256}.memory.json`, {
        ...known,
        ...changes,
        tests: { ...known.tests, ...changes.tests },
      });
    });
  },
};

/** Runs a task that writes `file`, while no other tab or worker does. */
export async function whileWriting<T>(file: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const run = async () => task();
  const name = `reelmatch-model-${file}`;
  return (await (signal ? navigator.locks.request(name, { signal }, run) : navigator.locks.request(name, run))) as T;
}

async function openFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory().catch((error: unknown) => {
    throw new AppError('storage-unavailable', 'This browser offers no storage for model files.', {}, { cause: error });
  });
  return root.getDirectoryHandle(folder, { create: true });
}

async function find(name: string): Promise<FileSystemFileHandle | undefined> {
  const directory = await openFolder();
  return directory.getFileHandle(name).catch(undefinedWhereGone);
}

async function remove(directory: FileSystemDirectoryHandle, name: string): Promise<void> {
  await directory.removeEntry(name).catch(undefinedWhereGone);
}

function undefinedWhereGone(error: unknown): undefined {
  if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
}

async function rename(directory: FileSystemDirectoryHandle, handle: FileSystemFileHandle, name: string): Promise<void> {
  await remove(directory, name);
  if ('move' in handle) {
    await (handle.move as (name: string) => Promise<void>).call(handle, name);
    return;
  }
  const target = await directory.getFileHandle(name, { create: true });
  const access = await target.createSyncAccessHandle();
  try {
    let at = 0;
    const reader = (await handle.getFile()).stream().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      at += asStorageFull(() => access.write(value, { at }));
    }
    access.flush();
  } catch (error) {
    access.close();
    await remove(directory, name);
    throw error;
  }
  access.close();
  await remove(directory, handle.name);
}

/** Held for a moment by all that touch a note, since its readers do not wait for {@link whileWriting}: none of them finds
 * it half written, or gone between opening and reading. */
async function whileNoteIsStill<T>(name: string, mode: LockMode, task: () => Promise<T>): Promise<T> {
  return (await navigator.locks.request(`reelmatch-note-${name}`, { mode }, task)) as T;
}

async function readJson<T>(name: string): Promise<T | undefined> {
  return whileNoteIsStill(name, 'shared', async () => {
    const handle = await find(name);
    const text = await (await handle?.getFile())?.text();
    try {
      return JSON.parse(text ?? '') as T;
    } catch {
      return undefined;
    }
  });
}

async function writeJson(name: string, value: unknown): Promise<void> {
  await whileNoteIsStill(name, 'exclusive', async () => {
    const directory = await openFolder();
    const handle = await directory.getFileHandle(name, { create: true });
    const access = await handle.createSyncAccessHandle();
    try {
      const bytes = new TextEncoder().encode(JSON.stringify(value));
      access.truncate(0);
      asStorageFull(() => access.write(bytes, { at: 0 }));
      access.flush();
    } finally {
      access.close();
    }
  });
}

async function removeJson(name: string): Promise<void> {
  await whileNoteIsStill(name, 'exclusive', async () => remove(await openFolder(), name));
}

function asStorageFull<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      throw new AppError('storage-full', 'There is no room for the model file.', {}, { cause: error });
    }
    throw error;
  }
}
