/// <reference path="./assembly.d.ts" />
import { AppError } from '../../core/errors';
import plainBytes from './byte-rows.as.ts?assembly';
import sharedPlainBytes from './byte-rows.as.ts?assembly&shared';
import relaxedBytes from './relaxed-byte-rows.as.ts?assembly';
import sharedRelaxedBytes from './relaxed-byte-rows.as.ts?assembly&shared';
import floats from './rows.as.ts?assembly';
import sharedFloats from './rows.as.ts?assembly&shared';
import { availableThreads } from './scan-threads';

/** Inner products of the query at an address with rows; see the `.as.ts` files. */
export type InnerProducts = (query: number, from: number, rows: number, stride: number, out: number) => void;

/** A kernel over a memory of its own, which other threads see too where there are several. */
export type RowKernel = {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly threads: number;
  readonly innerProducts: InnerProducts;
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

const code = {
  floats: { own: floats, shared: sharedFloats },
  plain: { own: plainBytes, shared: sharedPlainBytes },
  relaxed: { own: relaxedBytes, shared: sharedRelaxedBytes },
} as const;

/** `threads` at most take part in a pass over its rows. Errors: `library-too-large`. */
export function createRowKernel(bytes: number, threads = availableThreads()): FloatRowKernel {
  return instantiate<FloatRowKernel>('floats', bytes, threads);
}

/** By default the faster kind where this browser has it. Errors: `library-too-large`. */
export function createByteRowKernel(
  bytes: number,
  kind = fastestByteKernel(),
  threads = availableThreads(),
): ByteRowKernel {
  return { kind, ...instantiate<RowKernel>(kind, bytes, threads) };
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

function instantiate<K extends RowKernel>(kind: keyof typeof code, bytes: number, threads: number): K {
  const shared = threads > 1;
  const memory = new WebAssembly.Memory({ initial: 0, maximum: mostPages, shared });
  const module = new WebAssembly.Module(shared ? code[kind].shared : code[kind].own);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  growTo({ memory }, bytes);
  return { ...exports, memory, module, threads } as unknown as K;
}
