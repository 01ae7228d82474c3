import type { TrainedHead } from '../../core/classify/head';
import { AppError } from '../../core/errors';
import { arraysOf, type HeadTexts, invalidHead, type ReadArray } from './head-file';
import { decodeNumbers, decodeStrings, npyHeader, npyStrings } from './npy';
import { openNpz } from './npz-reader';
import { type NpzArray, writeNpz } from './npz-writer';

/** A head as an `.npz` file that `numpy.load` reads: its arrays, and each text as a string of its own. */
export function headToNpz(head: TrainedHead, texts: HeadTexts): Promise<Blob> {
  const strings = Object.entries(texts).map(([name, text]): NpzArray => ({ name, pieces: [npyStrings(text)] }));
  const numbers = Object.entries(arraysOf(head)).map(([name, { shape, values }]): NpzArray => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { name, pieces: [npyHeader('<f4', shape), bytes] };
  });
  return writeNpz([...strings, ...numbers]);
}

/** The texts and arrays of a file that {@link headToNpz} wrote, or another program likewise. Errors: `head-invalid`. */
export async function openHeadNpz(
  file: Blob,
  names: readonly string[],
): Promise<{ texts: Map<string, string>; array: ReadArray }> {
  const npz = await asHead(openNpz(file));
  const texts = new Map<string, string>();
  for (const name of names) {
    if (!npz.has(name)) continue;
    const { header, data } = await asHead(npz.array(name));
    const [text] = await asHead(async () => decodeStrings(data, header, name));
    if (text !== undefined) texts.set(name, text);
  }
  return {
    texts,
    async array(name) {
      if (!npz.has(name)) return undefined;
      const { header, data } = await asHead(npz.array(name));
      return asHead(async () => decodeNumbers(data, header, name));
    },
  };
}

/** Says of a head what the reader of archives says of features. */
async function asHead<T>(reading: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof reading === 'function' ? reading() : reading);
  } catch (error) {
    if (error instanceof AppError && error.code === 'import-invalid') throw invalidHead(error.message, error);
    throw error;
  }
}
