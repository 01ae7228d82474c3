import { createXXHash128 } from 'hash-wasm';
import { AppError } from '../../core/errors';

const part = 64 * 1024;

/** The stretches of a file that its identity is computed from: first, middle and last 64 kB, without overlap. */
export function identityRanges(size: number): readonly (readonly [start: number, end: number])[] {
  if (size <= 3 * part) return [[0, size]];
  const middle = Math.floor((size - part) / 2);
  return [
    [0, part],
    [middle, middle + part],
    [size - part, size],
  ];
}

/** Content identity of a file, `<size>-<xxhash128 hex>` over its first, middle and last 64 kB; a copy under another
 * name has the same one. An empty file has no content, so its name is hashed instead: two empty files stay two.
 * Errors: `file-unreadable`. */
export async function identify(file: File): Promise<string> {
  const hash = await createXXHash128();
  if (file.size === 0) hash.update(file.name);
  for (const [start, end] of identityRanges(file.size)) {
    hash.update(new Uint8Array(await readRange(file, start, end)));
  }
  return `${file.size}-${hash.digest('hex')}`;
}

/** Bytes `start` to `end` of a file. Errors: `file-unreadable`. */
export async function readRange(file: File, start: number, end: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(start, end).arrayBuffer();
  } catch (cause) {
    throw new AppError('file-unreadable', 'the file cannot be read', { name: file.name }, { cause });
  }
}
