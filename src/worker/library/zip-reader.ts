import { Inflate } from 'fflate';
import { AppError } from '../../core/errors';
import { crc32 } from './crc32';

/** A file within a ZIP archive, as the archive's directory describes it. */
export type ZipMember = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
};

const maxMembers = 1000;
const maxDirectoryBytes = 4 * 1024 * 1024;
/** Packed bytes taken at a time. Zeros grow a thousandfold when unpacked: 64 kB of them to 64 MB, all at once. */
const readBytes = 64 * 1024;

/** Reads the directory of an archive, ZIP64 included. Errors: `import-invalid`. */
export async function zipMembers(file: Blob): Promise<ZipMember[]> {
  const tailStart = Math.max(0, file.size - 65_557 - 20);
  const tail = await bytesOf(file, tailStart, file.size);
  const view = dataView(tail);
  let end = tail.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken('This is not an .npz file, or its end is missing');

  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    const locator = end - 20;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) throw broken('Its directory is damaged');
    const at = Number(view.getBigUint64(locator + 8, true));
    const record = dataView(await bytesOf(file, at, at + 56));
    if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06064b50) throw broken('Its directory is damaged');
    count = Number(record.getBigUint64(32, true));
    size = Number(record.getBigUint64(40, true));
    offset = Number(record.getBigUint64(48, true));
  }
  if (count > maxMembers || size > maxDirectoryBytes) throw broken('It holds more arrays than is reasonable');
  const directory = await bytesOf(file, offset, offset + size);
  if (directory.length < size) throw broken('Its directory is cut off');
  return parseDirectory(directory, count);
}

function parseDirectory(directory: Uint8Array, count: number): ZipMember[] {
  const view = dataView(directory);
  const members: ZipMember[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50) throw broken('Its directory is damaged');
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > directory.length) throw broken('Its directory is damaged');
    const large = zip64Fields(view, at + 46 + nameBytes, extraBytes);
    const field = (value: number) => (value === 0xffffffff ? (large.next().value ?? value) : value);
    const bytes = field(view.getUint32(at + 24, true));
    const packedBytes = field(view.getUint32(at + 20, true));
    members.push({
      name: new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameBytes)),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes,
      bytes,
      headerOffset: field(view.getUint32(at + 42, true)),
    });
    at = next;
  }
  return members;
}

/** The 64-bit values of a ZIP64 extra field, in their fixed order. */
function* zip64Fields(view: DataView, start: number, length: number): Generator<number, undefined> {
  for (let at = start; at + 4 <= start + length; ) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      for (let field = at + 4; field + 8 <= Math.min(at + 4 + size, start + length); field += 8) {
        yield Number(view.getBigUint64(field, true));
      }
    }
    at += 4 + size;
  }
  return undefined;
}

/** Unpacks a member piece by piece, and never beyond the size that the directory names. Errors: `import-invalid` for
 * damage of any sort. */
export async function* zipBytes(file: Blob, member: ZipMember, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { name, method, headerOffset, packedBytes } = member;
  if (member.encrypted) throw broken(`${name} is encrypted`);
  if (method !== 0 && method !== 8) throw broken(`${name} is compressed in a way that is not known here`);
  const header = dataView(await bytesOf(file, headerOffset, headerOffset + 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50) throw broken(`${name} is damaged`);
  const start = headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packedBytes > file.size) throw broken(`${name} is cut off`);

  let unpacked: Uint8Array[] = [];
  const inflate = method === 8 ? new Inflate((chunk) => unpacked.push(chunk)) : undefined;
  let [total, crc] = [0, 0];
  for (let at = 0; at < packedBytes; at += readBytes) {
    signal?.throwIfAborted();
    const packed = await bytesOf(file, start + at, start + Math.min(packedBytes, at + readBytes));
    unpacked = [];
    if (inflate) push(inflate, packed, at + readBytes >= packedBytes, name);
    else unpacked.push(packed);
    for (const chunk of unpacked) {
      total += chunk.length;
      if (total > member.bytes) throw broken(`${name} is larger than the archive says`);
      crc = crc32(chunk, crc);
      yield chunk;
    }
  }
  if (total !== member.bytes || crc !== member.crc) throw broken(`${name} is damaged`);
}

function push(inflate: Inflate, packed: Uint8Array, final: boolean, name: string): void {
  try {
    inflate.push(packed, final);
  } catch (cause) {
    throw broken(`${name} is damaged`, cause);
  }
}

async function bytesOf(file: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch (cause) {
    throw new AppError('file-unreadable', 'The file can no longer be read', {}, { cause });
  }
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function broken(message: string, cause?: unknown): AppError {
  return new AppError('import-invalid', message, {}, { cause });
}
