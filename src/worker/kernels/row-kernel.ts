/// <reference path="./assembly.d.ts" />
import { AppError } from '../../core/errors';
import plainBytes from './byte-rows.as.ts?assembly';
import relaxedBytes from './relaxed-byte-rows.as.ts?assembly';
import floats from './rows.as.ts?assembly';

/** A kernel over a memory of its own: inner products of a query with rows, see the `.as.ts` files. */
export type RowKernel = {
  readonly memory: WebAssembly.Memory;
  readonly innerProducts: (query: number, from: number, rows: number, stride: number, out: number) => void;
};

/** Also takes single rows of a list, in double precision. */
export type FloatRowKernel = RowKernel & {
  readonly innerProductsOf: (
    query: number,
    from: number,
    list: number,
    count: number,
    stride: number,
    out: number,
  ) => void;
};

/** `relaxed` wants its query as bytes, `plain` as 16-bit integers; the products are the same. */
export type ByteRowKernel = RowKernel & { readonly kind: 'plain' | 'relaxed' };

const pageBytes = 65_536;
/** All that 32 bits can address, 4 GiB. */
const mostPages = 65_536;

/** Errors: `library-too-large`. */
export function createRowKernel(bytes: number): FloatRowKernel {
  return instantiate<FloatRowKernel>(floats, bytes);
}

/** By default the faster kind where this browser has it. Errors: `library-too-large`. */
export function createByteRowKernel(bytes: number, kind = fastestByteKernel()): ByteRowKernel {
  return { kind, ...instantiate<RowKernel>(kind === 'relaxed' ? relaxedBytes : plainBytes, bytes) };
}

export function fastestByteKernel(): ByteRowKernel['kind'] {
  return WebAssembly.validate(relaxedBytes) ? 'relaxed' : 'plain';
}

/** Gives the memory so many bytes at least, in place of the views on it. Errors: `library-too-large`. */
export function growTo({ memory }: Pick<RowKernel, 'memory'>, bytes: number): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (pages <= 0) return;
  try {
    memory.grow(pages);
  } catch (cause) {
    throw new AppError('library-too-large', `No room for ${bytes} bytes of vectors`, {}, { cause });
  }
}

function instantiate<K extends RowKernel>(module: Uint8Array<ArrayBuffer>, bytes: number): K {
  const memory = new WebAssembly.Memory({ initial: 0, maximum: mostPages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
  growTo({ memory }, bytes);
  return { ...exports, memory } as unknown as K;
}
