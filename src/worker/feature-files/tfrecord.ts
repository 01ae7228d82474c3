import { maskedCrc32c } from './crc32c';
import { type ReadOptions, unsound } from './example';

const readBytes = 4 * 1024 ** 2;
const longestRecord = 256 * 1024 ** 2;
const headBytes = 12;

/** Whether a file begins as a TFRecord file does: a length and its checksum. */
export function beginsWithRecord(head: Uint8Array): boolean {
  return head.length >= headBytes && uint32(head, 8) === maskedCrc32c(head.subarray(0, 8));
}

/** The records of a TFRecord file, some at a time, in pieces of the file; views, valid until the next step. Errors:
 * `features-file-invalid`, naming the record from 1. */
export async function* tfRecords(
  file: Blob,
  { signal, onRead }: Pick<ReadOptions, 'signal' | 'onRead'>,
): AsyncGenerator<readonly Uint8Array[]> {
  let rest: Uint8Array = new Uint8Array(0);
  let count = 0;
  let wanted = headBytes;
  for (let at = 0; at < file.size; ) {
    signal?.throwIfAborted();
    const to = Math.min(file.size, at + Math.max(readBytes, wanted - rest.length));
    const piece = new Uint8Array(await file.slice(at, to).arrayBuffer());
    at = to;
    const bytes = rest.length > 0 ? joined(rest, piece) : piece;
    const records: Uint8Array[] = [];
    let from = 0;
    for (;;) {
      wanted = headBytes;
      if (bytes.length - from < headBytes) break;
      if (uint32(bytes, from + 8) !== maskedCrc32c(bytes.subarray(from, from + 8))) {
        throw unsound(`record ${count + 1}: the checksum of its length is wrong, so that what follows cannot be found`);
      }
      const length = uint32(bytes, from) + 2 ** 32 * uint32(bytes, from + 4);
      if (length > longestRecord) throw unsound(`record ${count + 1} claims ${length} bytes, more than is reasonable`);
      wanted = headBytes + length + 4;
      if (bytes.length - from < wanted) break;
      const record = bytes.subarray(from + headBytes, from + headBytes + length);
      count++;
      if (uint32(bytes, from + headBytes + length) !== maskedCrc32c(record)) {
        throw unsound(`record ${count}: its checksum is wrong, so the file was damaged there`);
      }
      records.push(record);
      from += wanted;
    }
    if (records.length > 0) yield records;
    rest = bytes.slice(from);
    onRead(at / file.size);
  }
  if (rest.length > 0) {
    throw unsound(`record ${count + 1} is cut off: the file ends ${rest.length} bytes into it`);
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
