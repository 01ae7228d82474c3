import { improvedRecipe, originalRecipe } from '../src/core/ranking/recipe';
import { comparisonOf } from '../src/core/ranking/comparison';
import { SpaceIndex } from '../src/worker/library/space-index';
import { rank } from '../src/worker/library/rank';
const n = 106557, d = 256;
const records = new Map(Array.from({ length: n }, (_, i) => [`id${i}`, { id: `id${i}`, path: `set/clip-${i}.mp4`, spaces: ['s'], labels: [] }]));
const geometry = { metric: 'cosine', aggregation: 'mean', frameDimensions: d } as const;
for (const recipe of [originalRecipe, improvedRecipe]) {
  const index = new SpaceIndex(geometry, comparisonOf('cosine', recipe, 1));
  const v = new Float32Array(d);
  for (let i = 0; i < n; i++) { for (let k = 0; k < d; k++) v[k] = Math.random(); index.put({ video: `id${i}`, vector: v, frames: 8 }); }
  const catalogue = { index: async () => index, rows: async () => records, video: async (id: string) => records.get(id) } as never;
  const database = { read: async (_s: unknown, _b: unknown) => Array(16).fill(undefined) } as never;
  const times: number[] = [], scan: number[] = [];
  for (let i = 0; i < 15; i++) {
    let t = performance.now();
    await rank(database, catalogue, { query: { kind: 'video', id: `id${i * 100}` }, spaces: [{ key: 's', weight: 1 }], ranking: recipe, limit: 20, probability: { form: 'softmax', tau: 0.1 } });
    times.push(performance.now() - t);
    t = performance.now(); index.scores(v); scan.push(performance.now() - t);
  }
  const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]?.toFixed(1);
  console.log('rank', med(times), 'scan', med(scan), 'first', times.at(-1)?.toFixed(0));
}
