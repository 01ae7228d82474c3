import type { PackFiles } from './pack-files';

/** Files that last as long as the test, where there is no browser to keep any. */
export function memoryPackFiles(): PackFiles {
  const files = new Map<string, Float32Array>();
  return {
    async write(name, matrix) {
      files.set(name, matrix.slice());
    },
    async readEach(wanted, take) {
      const scratch = new Float32Array(Math.max(0, ...wanted.map(({ length }) => length)));
      for (const [i, { name, length }] of wanted.entries()) {
        const matrix = files.get(name);
        const view = scratch.subarray(0, length);
        if (matrix?.length === length) view.set(matrix);
        await take(matrix?.length === length ? view : undefined, i);
      }
    },
    names: async () => [...files.keys()],
    async remove(names) {
      for (const name of names) files.delete(name);
    },
  };
}
