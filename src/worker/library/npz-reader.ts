import { AppError } from '../../core/errors';
import {
  concatenate,
  countOf,
  invalid,
  itemBytes,
  type NpyHeader,
  npyHeaderBytes,
  npyPrefix,
  numberDecoder,
  parseNpyHeader,
} from './npy';
import { type ZipMember, zipBytes, zipMembers } from './zip-reader';

/** An array as stored: its header and the bytes of its values. */
type NpyArray = { readonly header: NpyHeader; readonly data: Uint8Array<ArrayBuffer> };

/** An array of numbers: its header and its values in C order. */
type NpyNumbers = { readonly header: NpyHeader; readonly values: Float32Array };

/** An array whose values, `bytes` of them, come in pieces. */
export type NpyPieces = {
  readonly header: NpyHeader;
  readonly bytes: number;
  readonly pieces: AsyncGenerator<Uint8Array>;
};

/** Throws at a header that is not as it should be, before memory is taken for the values. */
type CheckHeader = (header: NpyHeader) => void;

/** The arrays of an `.npz` file, read one at a time. */
export type NpzFile = {
  has(name: string): boolean;
  /** Errors: `import-invalid` for an array that is missing, damaged, pickled, or larger than allowed. */
  array(name: string, check?: CheckHeader): Promise<NpyArray>;
  /** Numbers as float32 in C order, decoded as they are read. Errors: as above. */
  numbers(name: string, check: CheckHeader): Promise<NpyNumbers>;
  /** An array of any size, its values piece by piece. Errors: as above. */
  pieces(name: string): Promise<NpyPieces>;
};

/** An array this large is taken only if it was not packed beyond what vectors ever are. */
const maxArrayBytes = 2 * 1024 ** 3;
const trustedBytes = 64 * 1024 ** 2;
const maxPacking = 200;
/** Texts of no length take no bytes that would bound them. */
const maxEmptyTexts = 1_000_000;

export async function openNpz(file: Blob, signal?: AbortSignal): Promise<NpzFile> {
  const members = new Map<string, ZipMember>();
  for (const member of await zipMembers(file)) {
    const name = member.name.replace(/\.npy$/, '');
    if (members.has(name)) throw invalid(name, 'is in the file twice');
    members.set(name, member);
  }
  const member = (name: string): ZipMember => {
    const found = members.get(name);
    if (found) return found;
    const others = [...members.keys()].slice(0, 10).join(', ') || 'none';
    throw new AppError('import-invalid', `The array ${name} is missing; the file has: ${others}`, { array: name });
  };
  const pieces = async (name: string) => openArray(file, member(name), name, signal);
  const checked = async (name: string, check?: CheckHeader) => {
    refuseBomb(member(name), name);
    const array = await pieces(name);
    check?.(array.header);
    return array;
  };
  return {
    has: (name) => members.has(name),
    array: async (name, check) => whole(await checked(name, check)),
    numbers: async (name, check) => decoded(await checked(name, check), name),
    pieces,
  };
}

function refuseBomb(member: ZipMember, name: string): void {
  const suspicious = member.bytes > trustedBytes && member.bytes > maxPacking * member.packedBytes;
  if (member.bytes > maxArrayBytes || suspicious) throw unreasonable(name);
}

async function whole({ header, bytes, pieces }: NpyPieces): Promise<NpyArray> {
  const data = new Uint8Array(bytes);
  let filled = 0;
  for await (const piece of pieces) {
    data.set(piece, filled);
    filled += piece.length;
  }
  return { header, data };
}

async function decoded({ header, pieces }: NpyPieces, name: string): Promise<NpyNumbers> {
  if (countOf(header.shape) * 4 > maxArrayBytes) throw unreasonable(name);
  const { values, take } = numberDecoder(header, name);
  for await (const piece of pieces) take(piece);
  return { header, values };
}

const unreasonable = (name: string) => invalid(name, 'unpacks to more than is reasonable');

async function openArray(file: Blob, member: ZipMember, name: string, signal?: AbortSignal): Promise<NpyPieces> {
  const chunks = zipBytes(file, member, signal);
  let head = new Uint8Array(0);
  for (;;) {
    const step = await chunks.next();
    if (step.done) throw invalid(name, 'is not a NumPy array');
    head = concatenate(head, step.value);
    if (head.length < npyPrefix) continue;
    const headerBytes = npyHeaderBytes(head, name);
    if (head.length < headerBytes) continue;
    const header = parseNpyHeader(head.subarray(0, headerBytes), name);
    const bytes = dataBytes(header, member, name);
    return { header, bytes, pieces: exactly(bytes, head.subarray(headerBytes), chunks, name) };
  }
}

async function* exactly(
  bytes: number,
  first: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  const checked = (piece: Uint8Array) => {
    given += piece.length;
    if (given > bytes) throw invalid(name, 'has more values than its shape says');
    return piece;
  };
  yield checked(first);
  for await (const chunk of chunks) yield checked(chunk);
  if (given < bytes) throw invalid(name, 'has fewer values than its shape says');
}

/** Bytes of the values, checked against what the archive says before any memory is taken for them. */
function dataBytes({ descr, shape, bytes }: NpyHeader, member: ZipMember, name: string): number {
  const size = itemBytes(descr);
  if (size === undefined) {
    throw invalid(name, `is of type ${descr}, which is not taken; use float32, and text for paths`);
  }
  const count = countOf(shape);
  if (size > trustedBytes || (size === 0 && count > maxEmptyTexts)) throw unreasonable(name);
  const values = count * size;
  if (values === member.bytes - bytes) return values;
  throw invalid(name, `has the shape (${shape.join(', ')}), but not the values for it`);
}
