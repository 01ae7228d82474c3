import { makeZip } from 'client-zip';

/** An array of an `.npz`: a whole `.npy` file, header included, in pieces. */
export type NpzArray = {
  readonly name: string;
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
};

/** Pieces are handed to the browser as Blobs of this size, which it may keep on disk. */
const blobBytes = 32 * 1024 * 1024;

/** Writes an `.npz` archive, stored and not compressed: the mantissas of float32 vectors hardly shrink. Beyond 4 GiB it is
 * ZIP64. One array is asked for after the other. */
export async function writeNpz(arrays: Iterable<NpzArray> | AsyncIterable<NpzArray>): Promise<Blob> {
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let pending = 0;
  const flush = () => {
    blobs.push(new Blob(parts));
    parts = [];
    pending = 0;
  };
  const reader = makeZip(members(arrays)).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value as Uint8Array<ArrayBuffer>);
    pending += read.value.length;
    if (pending >= blobBytes) flush();
  }
  flush();
  return new Blob(blobs, { type: 'application/zip' });
}

async function* members(arrays: Iterable<NpzArray> | AsyncIterable<NpzArray>) {
  for await (const { name, pieces } of arrays) yield { name: `${name}.npy`, input: streamed(pieces) };
}

async function* streamed(pieces: NpzArray['pieces']): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) if (piece.length > 0) yield piece;
}
