/// <reference path="./assembly.d.ts" />
import module from './rows.as.ts?assembly';

/** The kernels of `rows.as.ts` over a memory of their own. */
export type RowKernel = {
  readonly memory: WebAssembly.Memory;
  readonly innerProducts: (query: number, from: number, rows: number, stride: number, out: number) => void;
};

const pageBytes = 65_536;
/** All that 32 bits can address, 4 GiB. */
const mostPages = 65_536;

export function createRowKernel(bytes: number): RowKernel {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes), maximum: mostPages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
  return { memory, innerProducts: exports.innerProducts as RowKernel['innerProducts'] };
}

/** Gives the memory so many bytes at least, in place of the views on it. Errors: `RangeError` where it cannot. */
export function growTo({ memory }: RowKernel, bytes: number): void {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (pages > 0) memory.grow(pages);
}
