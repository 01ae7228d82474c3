import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import type { Row } from '../row';

const root = join(import.meta.dirname, '../..');
const limit = 200;

type Chunk = { readonly file: string; readonly isEntry?: boolean; readonly imports?: readonly string[] };

export const entryRow: Row = {
  name: 'entry',
  unit: 'kB',
  work: 'what the browser loads before the first paint, compressed: the entry chunk and all it imports statically',
  peerName: `${limit} kB`,
  goal: { atMost: 1 },
  rounds: 1,
  async prepare() {
    const outDir = join(root, '.cache/bench-entry');
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, manifest: true } });
    const manifest = JSON.parse(readFileSync(join(outDir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
    const files = new Set<string>();
    const add = (chunk: Chunk | undefined) => {
      if (!chunk || files.has(chunk.file)) return;
      files.add(chunk.file);
      for (const name of chunk.imports ?? []) add(manifest[name]);
    };
    for (const chunk of Object.values(manifest)) if (chunk.isEntry) add(chunk);
    const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(outDir, file))).length, 0);
    return { ours: async () => bytes / 1000, peer: async () => limit };
  },
};
