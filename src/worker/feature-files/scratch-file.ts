import { AppError } from '../../core/errors';
import type { ScratchFile } from './record-store';

const folderName = 'training-scratch';

/** A file of this worker alone in the origin's private file system; gone once closed, and those of ended workers with the
 * next one that is opened. Errors: `storage-full`, `storage-unavailable`. */
export async function openScratchFile(): Promise<ScratchFile> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName, { create: true });
    // Those in use are locked, and stay.
    for await (const name of folder.keys()) await folder.removeEntry(name).catch(() => undefined);
    const name = crypto.randomUUID();
    const handle = await folder.getFileHandle(name, { create: true });
    const access = await handle.createSyncAccessHandle();
    return {
      write(bytes, at) {
        try {
          access.write(bytes as Uint8Array<ArrayBuffer>, { at });
        } catch (cause) {
          throw new AppError('storage-full', 'The features do not fit beside what is stored', {}, { cause });
        }
      },
      read: (out, at) => void access.read(out as Uint8Array<ArrayBuffer>, { at }),
      close() {
        access.close();
        void folder.removeEntry(name).catch(() => undefined);
      },
    };
  } catch (cause) {
    throw new AppError(
      'storage-unavailable',
      'The features are too large for memory, and no file can be made',
      {},
      { cause },
    );
  }
}
