import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { main } from 'assemblyscript/asc';
import type { Plugin } from 'vite';

const root = join(import.meta.dirname, '..');

/** A module takes its memory as it was declared: shared between threads, or not. */
const memories = {
  assembly: [],
  'assembly&shared': ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'],
} as const;

const known = new Map<string, Promise<Uint8Array>>();

/** Gives `import bytes from './x.as.ts?assembly'` the WebAssembly module that AssemblyScript makes of the file, a
 * `Uint8Array`. It imports its memory as `env.memory`; `?assembly&shared` a shared one. Errors: what the compiler says. */
export function assemblyScript(): Plugin {
  return {
    name: 'assembly-script',
    enforce: 'pre',
    async load(id) {
      const [path = '', query = ''] = id.split('?');
      const memory = memories[query as keyof typeof memories];
      if (!memory) return null;
      this.addWatchFile(path);
      const source = `${query} ${await readFile(path, 'utf8')}`;
      // Every worker's bundle asks for it.
      const compiled = known.get(source) ?? compileAssembly(path, memory);
      known.set(source, compiled);
      return `export default Uint8Array.of(${(await compiled).join()});`;
    },
  };
}

/** In this process: the compiler takes longer to start than to compile. Errors: what it says. */
export async function compileAssembly(path: string, memory: readonly string[] = []): Promise<Uint8Array> {
  const options = [
    '--enable',
    'simd',
    '--enable',
    'relaxed-simd',
    '--runtime',
    'stub',
    '--importMemory',
    ...memory,
    '--noAssert',
    '--optimizeLevel',
    '3',
  ];
  let made: Uint8Array | undefined;
  const { error, stderr } = await main([relative(root, path), '--baseDir', root, '--outFile', 'out.wasm', ...options], {
    writeFile(_name, contents) {
      if (typeof contents !== 'string') made = contents;
    },
  });
  if (error || !made) throw new Error(`AssemblyScript: ${stderr.toString()}`, { cause: error });
  return made;
}
