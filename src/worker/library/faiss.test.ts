import 'fake-indexeddb/auto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spaceKey } from '../../core/feature';
import { originalRecipe } from '../../core/ranking/recipe';
import { extraction, frameSpace, location, meanFeatures } from './extraction.fixture';
import { createLibrary } from './library';

const script = join(import.meta.dirname, '../../../scripts/search_faiss.py');
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import faiss, numpy']).status === 0,
);

test.skipIf(!python)(`FAISS finds the same in an export${python ? '' : ': no Python with faiss'}`, async () => {
  const library = createLibrary('faiss-test');
  const folder = mkdtempSync(join(tmpdir(), 'faiss-'));
  try {
    const ids = Array.from({ length: 60 }, (_, i) => `v${i}`);
    await library.enqueue({ files: ids.map((id) => ({ id, location: location(`set/${id}.avi`) })) });
    for (const [i, id] of ids.entries()) await library.put({ id, extraction: extraction(id, [meanFeatures(i + 1)]) });
    const space = spaceKey(frameSpace);
    const matches = await library.rank({
      query: { kind: 'video', id: 'v7' },
      spaces: [{ key: space, weight: 1 }],
      ranking: originalRecipe,
      limit: 20,
    });
    const path = join(folder, 'features.npz');
    const file = await library.exportFeatures({ space, frames: false });
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()));
    const lines = execFileSync(python ?? '', [script, path, 'set/v7.avi', '20'], { encoding: 'utf8' }).trim();
    const found = lines.split('\n').map((line) => line.split('\t') as [string, string]);
    expect(found.map(([, video]) => video)).toEqual(matches.map(({ id }) => `set/${id}.avi`));
    found.forEach(([score], i) => {
      expect(Number(score)).toBeCloseTo(matches[i]?.similarity ?? Number.NaN, 5);
    });
  } finally {
    library.close();
    rmSync(folder, { recursive: true });
  }
});
