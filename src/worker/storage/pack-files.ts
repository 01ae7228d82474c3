/** Matrices in files of their own, beside the database: read into memory several times as fast as the same bytes within. */
export type PackFiles = {
  /** The disk has it when it resolves. */
  write(name: string, matrix: Float32Array): Promise<void>;
  /** Undefined where there is no file of so many values. */
  read(name: string, length: number): Promise<Float32Array | undefined>;
  names(): Promise<string[]>;
  /** What is in use by another tab, or gone already, is passed over. */
  remove(names: readonly string[]): Promise<void>;
};

/** A file as a dedicated worker may open it; the page's types know nothing of that. */
type WorkerFile = {
  createSyncAccessHandle(options?: { readonly mode: 'read-only' }): Promise<{
    read(into: Float32Array): number;
    write(values: Float32Array): number;
    truncate(bytes: number): void;
    getSize(): number;
    flush(): void;
    close(): void;
  }>;
};
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

    async read(name, length) {
      try {
        const matrix = await contents(await (await open()).getFileHandle(name), length);
        return matrix.length === length ? matrix : undefined;
      } catch {
        return undefined;
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

/** The values of a file, none where they are not as many. */
async function contents(file: FileSystemFileHandle, length: number): Promise<Float32Array> {
  const access = await asWorkerFile(file)
    .createSyncAccessHandle({ mode: 'read-only' })
    // Another tab reads it, and the browser lets only one do so in this way.
    .catch(() => undefined);
  if (!access) return new Float32Array(await (await file.getFile()).arrayBuffer());
  try {
    const matrix = new Float32Array(access.getSize() === length * 4 ? length : 0);
    access.read(matrix);
    return matrix;
  } finally {
    access.close();
  }
}
