import 'fake-indexeddb/auto';
import { expect, onTestFinished, test } from 'vitest';
import { spaceKey } from '../../core/feature';
import { improvedRecipe, originalRecipe } from '../../core/ranking/recipe';
import { extraction, frameSpace, location, meanFeatures } from './extraction.fixture';
import { createLibrary } from './library';

const space = spaceKey(frameSpace);
const count = 400;
/** Re-ranking of vectors without any structure would magnify the slightest rounding. */
const standardised = { ...improvedRecipe, rerank: [] };

async function filled(name: string) {
  const library = createLibrary(name);
  onTestFinished(() => library.close());
  const ids = Array.from({ length: count }, (_, i) => `v${i}`);
  await library.enqueue({ files: ids.map((id) => ({ id, location: location(`set/${id}.avi`) })) });
  for (const [i, id] of ids.entries()) await library.put({ id, extraction: extraction(id, [meanFeatures(i + 1)]) });
  return library;
}

type Library = Awaited<ReturnType<typeof filled>>;

const ask = (library: Library, ranking = originalRecipe, compact = false) =>
  library.rank({
    query: { kind: 'video', id: 'v7' },
    spaces: [{ key: space, weight: 1 }],
    ranking,
    limit: 20,
    compact,
  });

test('beyond the memory for vectors a search says so, and compactly it finds the same with the same scores', async () => {
  const library = await filled('search-memory');
  const whole = [await ask(library), await ask(library, standardised)];
  // 400 vectors of 32 floats take 50 kB, as bytes 12.5.
  await library.setMemory({ bytes: 20_000 });
  const refused = { code: 'library-too-large', details: { megabytes: 1, allowed: 1, compact: 1 } };
  await expect(ask(library)).rejects.toMatchObject(refused);
  await expect(ask(library, standardised)).rejects.toMatchObject(refused);

  const found = await ask(library, originalRecipe, true);
  expect(found.map(({ id }) => id)).toEqual(whole[0]?.map(({ id }) => id));
  found.forEach(({ similarity }, place) => {
    expect(similarity).toBeCloseTo(whole[0]?.[place]?.similarity ?? Number.NaN, 6);
  });
  // Means and deviations over the library are those of the rounded vectors.
  const near = await ask(library, standardised, true);
  const place = new Map(whole[1]?.map(({ id, similarity }) => [id, similarity]));
  expect(near.filter(({ id }) => place.has(id)).length).toBeGreaterThanOrEqual(19);
  for (const { id, similarity } of near)
    expect(Math.abs(similarity - (place.get(id) ?? similarity))).toBeLessThan(0.002);
  const file = await library.exportFeatures({ space, frames: false });
  expect(file.size).toBeGreaterThan(count * 32 * 4);

  await library.setMemory({ bytes: 10_000 });
  await expect(ask(library, originalRecipe, true)).rejects.toMatchObject({ details: { megabytes: 1, allowed: 1 } });
  // What no search here can hold is what another program is to search.
  expect((await library.exportFeatures({ space, frames: false })).size).toBe(file.size);
  await library.setMemory({ bytes: undefined });
  expect(await ask(library)).toEqual(whole[0]);
});

test('an index that outgrows the memory while videos are added is let go, and every video is kept', async () => {
  const library = await filled('search-growth');
  await library.setMemory({ bytes: count * 32 * 4 });
  expect(await ask(library)).toHaveLength(20);
  await library.enqueue({ files: [{ id: 'late', location: location('set/late.avi') }] });
  expect(await library.put({ id: 'late', extraction: extraction('late', [meanFeatures(7.5)]) })).toMatchObject({
    state: 'indexed',
  });
  await expect(ask(library)).rejects.toMatchObject({ code: 'library-too-large' });
  expect(await ask(library, originalRecipe, true)).toHaveLength(20);
  await library.setMemory({ bytes: undefined });
  const all = await library.rank({
    query: { kind: 'video', id: 'late' },
    spaces: [{ key: space, weight: 1 }],
    ranking: originalRecipe,
    limit: count + 1,
  });
  expect(all).toHaveLength(count);
});

test('forms of the vectors make room for one another, and each answers as before', async () => {
  const library = await filled('search-room');
  const before = [await ask(library), await ask(library, improvedRecipe)];
  await library.setMemory({ bytes: 60_000 });
  for (let round = 0; round < 2; round++) {
    expect(await ask(library)).toEqual(before[0]);
    expect(await ask(library, improvedRecipe)).toEqual(before[1]);
  }
  await library.remove({ ids: ['v9'] });
  await library.purge({ ids: ['v9'] });
  expect((await ask(library)).some(({ id }) => id === 'v9')).toBe(false);
});
