import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const compiler = require.resolve('assemblyscript/bin/asc.js');
const root = join(import.meta.dirname, '..');

const known = new Map<string, Promise<Uint8Array>>();

/** Gives `import bytes from './x.as.ts?assembly'` the WebAssembly module that AssemblyScript makes of the file, a
 * `Uint8Array`. It imports its memory as `env.memory`. Errors: what the compiler says. */
export function assemblyScript(): Plugin {
  return {
    name: 'assembly-script',
    enforce: 'pre',
    async load(id) {
      const [path = '', query] = id.split('?');
      if (query !== 'assembly') return null;
      this.addWatchFile(path);
      const source = await readFile(path, 'utf8');
      // Every worker's bundle asks for it; the compiler takes seconds.
      const compiled = known.get(source) ?? compile(path);
      known.set(source, compiled);
      return `export default Uint8Array.of(${(await compiled).join()});`;
    },
  };
}

async function compile(path: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'assembly-'));
  try {
    const out = join(folder, 'out.wasm');
    const options = [
      '--enable',
      'simd',
      '--enable',
      'relaxed-simd',
      '--runtime',
      'stub',
      '--importMemory',
      '--noAssert',
      '--optimizeLevel',
      '3',
    ];
    const file = relative(root, path);
    await promisify(execFile)(process.execPath, [compiler, file, '--outFile', out, ...options], { cwd: root });
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true });
  }
}
