import type { PackFiles } from './pack-files';

/** Files that last as long as the test, where there is no browser to keep any. */
export function memoryPackFiles(): PackFiles {
  const files = new Map<string, Float32Array>();
  return {
    async write(name, matrix) {
      files.set(name, matrix.slice());
    },
    async read(name, length) {
      const matrix = files.get(name);
      return matrix?.length === length ? matrix.slice() : undefined;
    },
    names: async () => [...files.keys()],
    async remove(names) {
      for (const name of names) files.delete(name);
    },
  };
}
