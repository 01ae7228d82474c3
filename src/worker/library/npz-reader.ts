import { AppError } from '../../core/errors';
import { invalid, itemBytes, type NpyHeader, npyHeaderBytes, npyPrefix, parseNpyHeader } from './npy';
import { type ZipMember, zipBytes, zipMembers } from './zip-reader';

/** An array as stored: its header and the bytes of its values. */
type NpyArray = { readonly header: NpyHeader; readonly data: Uint8Array<ArrayBuffer> };

/** The arrays of an `.npz` file, read one at a time. */
export type NpzFile = {
  has(name: string): boolean;
  /** Errors: `import-invalid` for an array that is missing, damaged, pickled, or larger than allowed. */
  array(name: string): Promise<NpyArray>;
};

/** An array this large is taken only if it was not packed beyond what vectors ever are. */
const maxArrayBytes = 2 * 1024 ** 3;
const trustedBytes = 64 * 1024 ** 2;
const maxPacking = 200;

export async function openNpz(file: Blob, signal?: AbortSignal): Promise<NpzFile> {
  const members = new Map<string, ZipMember>();
  for (const member of await zipMembers(file)) {
    const name = member.name.replace(/\.npy$/, '');
    if (members.has(name)) throw invalid(name, 'is in the file twice');
    members.set(name, member);
  }
  return {
    has: (name) => members.has(name),
    array: async (name) => {
      const member = members.get(name);
      if (!member) {
        const found = [...members.keys()].slice(0, 10).join(', ') || 'none';
        throw new AppError('import-invalid', `The array ${name} is missing; the file has: ${found}`, { array: name });
      }
      return readArray(file, member, name, signal);
    },
  };
}

async function readArray(file: Blob, member: ZipMember, name: string, signal?: AbortSignal): Promise<NpyArray> {
  const suspicious = member.bytes > trustedBytes && member.bytes > maxPacking * member.packedBytes;
  if (member.bytes > maxArrayBytes || suspicious) throw invalid(name, 'unpacks to more than is reasonable');

  let head = new Uint8Array(0);
  let header: NpyHeader | undefined;
  let data = new Uint8Array(0);
  let filled = 0;
  const store = (bytes: Uint8Array) => {
    if (filled + bytes.length > data.length) throw invalid(name, 'has more values than its shape says');
    data.set(bytes, filled);
    filled += bytes.length;
  };
  for await (const chunk of zipBytes(file, member, signal)) {
    if (header) {
      store(chunk);
      continue;
    }
    head = concatenate(head, chunk);
    if (head.length < npyPrefix) continue;
    const headerBytes = npyHeaderBytes(head, name);
    if (head.length < headerBytes) continue;
    header = parseNpyHeader(head.subarray(0, headerBytes), name);
    data = new Uint8Array(dataBytes(header, member, name));
    store(head.subarray(headerBytes));
  }
  if (!header) throw invalid(name, 'is not a NumPy array');
  if (filled < data.length) throw invalid(name, 'has fewer values than its shape says');
  return { header, data };
}

/** Bytes of the values, checked against what the archive says before any memory is taken for them. */
function dataBytes({ descr, shape, bytes }: NpyHeader, member: ZipMember, name: string): number {
  const size = itemBytes(descr);
  if (size === undefined) {
    throw invalid(name, `is of type ${descr}, which is not taken; use float32 or float64, and text for paths`);
  }
  const values = shape.reduce((product, side) => product * side, 1) * size;
  if (values === member.bytes - bytes) return values;
  throw invalid(name, `has the shape (${shape.join(', ')}), but not the values for it`);
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
