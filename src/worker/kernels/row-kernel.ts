/// <reference path="./assembly.d.ts" />
import { AppError } from '../../core/errors';
import module from './rows.as.ts?assembly';

/** The kernels of `rows.as.ts` over a memory of their own. */
export type RowKernel = {
  readonly memory: WebAssembly.Memory;
  readonly innerProducts: (query: number, from: number, rows: number, stride: number, out: number) => void;
};

const pageBytes = 65_536;
/** All that 32 bits can address, 4 GiB. */
const mostPages = 65_536;

/** Errors: `library-too-large`. */
export function createRowKernel(bytes: number): RowKernel {
  const memory = new WebAssembly.Memory({ initial: 0, maximum: mostPages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
  const kernel = { memory, innerProducts: exports.innerProducts as RowKernel['innerProducts'] };
  growTo(kernel, bytes);
  return kernel;
}

/** Gives the memory so many bytes at least, in place of the views on it. Errors: `library-too-large`. */
export function growTo({ memory }: RowKernel, bytes: number): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (pages <= 0) return;
  try {
    memory.grow(pages);
  } catch (cause) {
    throw new AppError('library-too-large', `No room for ${bytes} bytes of vectors`, {}, { cause });
  }
}
