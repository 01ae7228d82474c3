import { Zip, ZipPassThrough } from 'fflate';
import { AppError } from '../../core/errors';

/** ZIP without its 64-bit extension ends at 4 GiB; directory and headers need a little of it. */
const maxBytes = 2 ** 32 - 2 ** 20;
/** Pieces are handed to the browser as Blobs of this size, which it may keep on disk. */
const blobBytes = 32 * 1024 * 1024;

export type NpzWriter = {
  /** Adds the array `name` of `bytes` bytes, header included, in pieces. */
  add(name: string, bytes: number, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  finish(): Blob;
};

/** Writes an `.npz` archive, stored and not compressed: the mantissas of float32 vectors hardly shrink.
 * Errors: `export-too-large`. */
export function createNpzWriter(): NpzWriter {
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let pending = 0;
  let total = 0;
  const flush = () => {
    blobs.push(new Blob(parts));
    parts = [];
    pending = 0;
  };
  // Callbacks of an archive whose members are only passed through come before `push` returns, in order.
  const zip = new Zip((_, bytes) => {
    parts.push(bytes as Uint8Array<ArrayBuffer>);
    pending += bytes.length;
    if (pending >= blobBytes) flush();
  });
  return {
    async add(name, bytes, pieces) {
      total += bytes;
      if (total > maxBytes) {
        const message = 'The export would be larger than 4 GB; leave out the frame vectors';
        throw new AppError('export-too-large', message, { bytes: total });
      }
      const member = new ZipPassThrough(`${name}.npy`);
      zip.add(member);
      for await (const piece of pieces) if (piece.length > 0) member.push(piece);
      member.push(new Uint8Array(0), true);
    },
    finish() {
      zip.end();
      flush();
      return new Blob(blobs, { type: 'application/zip' });
    },
  };
}
