export type PackFile = { readonly name: string; readonly length: number };

/** Matrices in files of their own, beside the database: read into memory several times as fast as the same bytes within. */
export type PackFiles = {
  /** The disk has it when it resolves. */
  write(name: string, matrix: Float32Array): Promise<void>;
  /** Hands over the matrices of some files in their order, undefined where there is no file of so many values. What is handed
   * over is overwritten by the next. */
  readEach(
    files: readonly PackFile[],
    take: (matrix: Float32Array | undefined, index: number) => Promise<void>,
  ): Promise<void>;
  names(): Promise<string[]>;
  /** What is in use by another tab, or gone already, is passed over. */
  remove(names: readonly string[]): Promise<void>;
};

/** A file as a dedicated worker may open it; the page's types know nothing of that. */
type WorkerFile = {
  createSyncAccessHandle(options?: { readonly mode: 'read-only' }): Promise<Access>;
};
type Access = {
  read(into: Float32Array): number;
  write(values: Float32Array): number;
  truncate(bytes: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
};
/** Files that are opened while an earlier one is taken in: opening takes longer than reading. */
const openedAhead = 8;

const asWorkerFile = (file: FileSystemFileHandle) => file as unknown as WorkerFile;

/** A folder of the origin's private file system, whose files a dedicated worker reads and writes without a detour through
 * the browser's process. */
export function privatePackFiles(folder: string): PackFiles {
  const open = async (): Promise<FileSystemDirectoryHandle> => {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(`${folder}-packs`, { create: true });
  };
  return {
    async write(name, matrix) {
      const file = await (await open()).getFileHandle(name, { create: true });
      const access = await asWorkerFile(file).createSyncAccessHandle();
      try {
        access.truncate(0);
        const written = access.write(matrix);
        if (written !== matrix.byteLength) throw new DOMException('The disk took a part only', 'QuotaExceededError');
        access.flush();
      } finally {
        access.close();
      }
    },

    async readEach(files, take) {
      const directory = await open().catch(() => undefined);
      const openAt = async (index: number) =>
        directory
          ?.getFileHandle((files[index] as PackFile).name)
          .then(opened)
          .catch(() => undefined);
      let scratch = new Float32Array(0);
      const opening = Array.from({ length: Math.min(openedAhead, files.length) }, (_, i) => openAt(i));
      try {
        for (const [i, { length }] of files.entries()) {
          const file = await opening.shift();
          if (i + openedAhead < files.length) opening.push(openAt(i + openedAhead));
          if (scratch.length < length) scratch = new Float32Array(length);
          await take(file && (await contents(file, scratch.subarray(0, length))), i);
        }
      } finally {
        for (const file of await Promise.all(opening)) file?.access?.close();
      }
    },

    async names() {
      const found: string[] = [];
      for await (const name of (await open()).keys()) found.push(name);
      return found;
    },

    async remove(names) {
      const directory = await open();
      await Promise.allSettled(names.map((name) => directory.removeEntry(name)));
    },
  };
}

type Opened = { readonly file: FileSystemFileHandle; readonly access: Access | undefined };

async function opened(file: FileSystemFileHandle): Promise<Opened> {
  // Another tab may read it, and some browsers let only one do so in this way.
  const access = await asWorkerFile(file)
    .createSyncAccessHandle({ mode: 'read-only' })
    .catch(() => undefined);
  return { file, access };
}

/** Fills `matrix` from a file and closes it; undefined where the file has not as many values. */
async function contents({ file, access }: Opened, matrix: Float32Array): Promise<Float32Array | undefined> {
  try {
    if (access)
      return access.getSize() === matrix.byteLength && access.read(matrix) === matrix.byteLength ? matrix : undefined;
    const whole = await (await file.getFile()).arrayBuffer();
    return whole.byteLength === matrix.byteLength ? new Float32Array(whole) : undefined;
  } catch {
    return undefined;
  } finally {
    access?.close();
  }
}
