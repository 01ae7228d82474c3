import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { initialFrameLayers, type TrainedHead } from '../../core/classify/head';
import { spaceKey } from '../../core/feature';
import { improvedRecipe, originalRecipe } from '../../core/ranking/recipe';
import { similarity } from '../../core/similarity/similarity';
import { structuralSimilarity, structuredPicture } from '../../core/similarity/structural-similarity';
import type { LibraryChange } from '../../protocol/library-api';
import { Database } from '../storage/database';
import { extraction, frameSpace, location, meanFeatures, stripFeatures, stripSpace } from './extraction.fixture';
import { textsOf } from './head-file';
import { headToNpz } from './head-npz';
import { createLibrary } from './library';

const key = spaceKey(frameSpace);
const open: { close(): void }[] = [];
let names = 0;

function library(name = `library-test-${names++}`) {
  const created = createLibrary(name);
  open.push(created);
  return { ...created, name };
}

afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

type Library = ReturnType<typeof library>;

async function addIndexed(to: Library, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `v${i}`);
  await to.enqueue({ files: ids.map((id) => ({ id, location: location(`set/${id}.mp4`) })) });
  for (const [i, id] of ids.entries()) await to.put({ id, extraction: extraction(id, [meanFeatures(i + 1)]) });
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 120));

test('a file waits, is indexed, and is there again when the library is opened anew', async () => {
  const first = library();
  const [added] = await first.enqueue({ files: [{ id: 'a', location: location('set/v_YoYo_g03_c01.avi') }] });
  expect(added).toMatchObject({ state: 'waiting', name: 'v_YoYo_g03_c01.avi', labels: ['YoYo'], group: 'YoYo_g03' });
  const put = await first.put({ id: 'a', extraction: extraction('a', [meanFeatures(1)]) });
  expect(put).toMatchObject({ state: 'indexed', spaces: [key], probe: { container: 'mp4' } });
  first.close();

  const second = library(first.name);
  expect(await second.videos()).toEqual([put]);
  const strip = await second.thumbnails({ id: 'a' });
  expect(await strip?.images[0]?.text()).toBe('picture of a');
  expect(strip).toMatchObject({ times: [0], width: 320, height: 180 });
  expect(await second.spaces()).toMatchObject([{ key, videos: 1, dimensions: 32, imported: false }]);
});

test('labels given with the file come before those of its name', async () => {
  const files = [{ id: 'a', location: location('v_YoYo_g03_c01.avi'), labels: ['Waves'] }];
  expect(await library().enqueue({ files })).toMatchObject([{ labels: ['Waves'] }]);
});

test('known content gets a further location, keeps its vectors, and a changed file leaves its place', async () => {
  const it = library();
  await addIndexed(it, 1);
  await it.enqueue({ files: [{ id: 'v0', location: location('copy/b.mp4') }] });
  await it.enqueue({ files: [{ id: 'v0', location: { ...location('copy/b.mp4'), modified: 6 } }] });
  expect(await it.videos()).toMatchObject([
    { id: 'v0', state: 'indexed', path: 'set/v0.mp4', locations: [{ path: 'set/v0.mp4' }, { modified: 6 }] },
  ]);
  await it.enqueue({ files: [{ id: 'new', location: location('set/v0.mp4') }] });
  const videos = await it.videos();
  expect(videos.find(({ id }) => id === 'v0')?.locations).toMatchObject([{ path: 'copy/b.mp4' }]);
  expect(videos.find(({ id }) => id === 'new')).toMatchObject({ state: 'waiting', path: 'set/v0.mp4' });
});

test('single files of one name in different places stay apart', async () => {
  const it = library();
  await it.enqueue({ files: [{ id: 'a', location: location('clip.mp4', null) }] });
  await it.enqueue({ files: [{ id: 'b', location: location('clip.mp4', null) }] });
  expect((await it.videos()).map(({ locations }) => locations.length)).toEqual([1, 1]);
});

test('a described video that fails later stays described, and says what failed', async () => {
  const it = library();
  await addIndexed(it, 1);
  const error = { code: 'file-changed', message: 'It holds another video', details: {} } as const;
  expect(await it.fail({ id: 'v0', error })).toMatchObject({ state: 'indexed', spaces: [key], error });
  expect(await it.put({ id: 'v0', extraction: extraction('v0', [meanFeatures(1)]) })).not.toHaveProperty('error');
});

test('a failure is recorded, a retry clears it', async () => {
  const it = library();
  await it.enqueue({ files: [{ id: 'a', location: location('a.mp4') }] });
  const error = { code: 'file-truncated', message: 'Cut off', details: { at: 7 } } as const;
  expect(await it.fail({ id: 'a', error })).toMatchObject({ state: 'failed', error });
  const [again] = await it.requeue({ ids: ['a'] });
  expect(again?.state).toBe('waiting');
  expect(again).not.toHaveProperty('error');
});

test('the order in which videos are done changes nothing, asked at once or when the library is opened anew', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `v${i}`);
  const answers = async (it: Library) => {
    const recipes = [originalRecipe, improvedRecipe].map((ranking) =>
      it.rank({ query: { kind: 'video', id: 'v7' }, spaces: [{ key, weight: 1 }], ranking, limit: 20 }),
    );
    return (await Promise.all(recipes)).map((matches) =>
      matches.map(({ id, similarity }) => [id, similarity] as const),
    );
  };
  const found = [];
  for (const order of [ids, ids.toReversed(), ids.toSorted()]) {
    const it = library();
    await it.enqueue({ files: ids.map((id) => ({ id, location: location(`set/${id}.mp4`) })) });
    for (const id of order) {
      await it.put({ id, extraction: extraction(id, [meanFeatures(Number(id.slice(1)) + 1)]) });
    }
    found.push(await answers(it));
    it.close();
    found.push(await answers(library(it.name)));
  }
  const [first = [], ...others] = found;
  expect(first.map((matches) => matches.length)).toEqual([20, 20]);
  for (const other of others) {
    expect(other.map((matches) => matches.map(([id]) => id))).toEqual(
      first.map((matches) => matches.map(([id]) => id)),
    );
    other.flat().forEach(([, similarity], i) => {
      expect(similarity).toBeCloseTo(first.flat()[i]?.[1] as number, 9);
    });
  }
});

test('put of an unknown video stores nothing', async () => {
  const it = library();
  await expect(it.put({ id: 'x', extraction: extraction('x', [meanFeatures(1)]) })).rejects.toMatchObject({
    code: 'video-missing',
  });
  expect(await it.thumbnails({ id: 'x' })).toBeUndefined();
  expect(await it.spaces()).toEqual([]);
});

test('vectors that are not numbers are refused, and nothing of them stays', async () => {
  const it = library();
  await it.enqueue({ files: [{ id: 'a', location: location('a.mp4') }] });
  const features = meanFeatures(1);
  features.frames[5] = Number.NaN;
  await expect(it.put({ id: 'a', extraction: extraction('a', [features]) })).rejects.toMatchObject({
    code: 'inference-failed',
  });
  expect(await it.videos()).toMatchObject([{ state: 'waiting', spaces: [] }]);
  await expect(
    it.rank({
      query: { kind: 'features', features: [features] },
      spaces: [{ key, weight: 1 }],
      ranking: originalRecipe,
      limit: 1,
    }),
  ).rejects.toBeTruthy();
});

test('a removed video leaves results, comes back with its vectors, and goes for good with the purge', async () => {
  const it = library();
  await addIndexed(it, 3);
  const query = {
    query: { kind: 'video', id: 'v0' },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
  } as const;
  await it.remove({ ids: ['v1'] });
  expect((await it.videos()).map(({ id }) => id)).toEqual(['v0', 'v2']);
  expect((await it.rank(query)).map(({ id }) => id)).toEqual(['v2']);
  expect(await it.spaces()).toMatchObject([{ videos: 2 }]);
  await it.restore({ ids: ['v1'] });
  expect(await it.rank(query)).toHaveLength(2);
  await it.remove({ ids: ['v1'] });
  await it.purge({ ids: ['v0', 'v1'] });
  await expect(it.restore({ ids: ['v1'] })).rejects.toMatchObject({ code: 'video-missing' });
  expect(await it.thumbnails({ id: 'v1' })).toBeUndefined();
  expect(await it.rank(query)).toHaveLength(1);
});

test('what was removed in an earlier visit is gone at the start of the only tab, the rest is there', async () => {
  const first = library();
  await addIndexed(first, 3);
  await first.remove({ ids: ['v1'] });
  first.close();
  vi.stubGlobal('navigator', {
    locks: { request: async (_: string, __: object, held: (lock: object) => unknown) => held({}) },
  });
  try {
    const second = library(first.name);
    expect((await second.videos()).map(({ id }) => id)).toEqual(['v0', 'v2']);
    await vi.waitFor(async () => expect(await second.thumbnails({ id: 'v1' })).toBeUndefined());
    await expect(second.restore({ ids: ['v1'] })).rejects.toMatchObject({ code: 'video-missing' });
    expect(await second.thumbnails({ id: 'v2' })).toBeDefined();
  } finally {
    vi.unstubAllGlobals();
  }
});

test('records come with those added last first, and some by their ids', async () => {
  const it = library();
  await it.enqueue({ files: ['b', 'c'].map((id) => ({ id, location: location(`set/${id}.mp4`) })) });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await it.enqueue({ files: [{ id: 'z', location: location('set/a.mp4') }] });
  expect((await it.videos()).map(({ id }) => id)).toEqual(['z', 'b', 'c']);
  await it.remove({ ids: ['b'] });
  expect((await it.someVideos({ ids: ['c', 'b', 'no such', 'z'] })).map(({ id }) => id)).toEqual(['c', 'z']);
});

test('re-adding a removed video brings it back indexed', async () => {
  const it = library();
  await addIndexed(it, 1);
  await it.remove({ ids: ['v0'] });
  const [back] = await it.enqueue({ files: [{ id: 'v0', location: location('set/v0.mp4') }] });
  expect(back).toMatchObject({ state: 'indexed', spaces: [key] });
});

test('vectors of a raised extractor version are another space; the old ones stay', async () => {
  const it = library();
  await addIndexed(it, 1);
  const raised = { ...frameSpace, version: 2 };
  const row = await it.put({ id: 'v0', extraction: extraction('v0', [meanFeatures(9, { space: raised })]) });
  expect(row.spaces).toEqual([key, spaceKey(raised)]);
  expect((await it.spaces()).map(({ space }) => space.version).sort()).toEqual([1, 2]);
});

test('a query by features finds the video it is of, at its moment', async () => {
  const it = library();
  await addIndexed(it, 5);
  const features = meanFeatures(3);
  const matches = await it.rank({
    query: { kind: 'features', features: [features] },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 2,
  });
  expect(matches).toHaveLength(2);
  expect(matches[0]).toMatchObject({ id: 'v2', rank: 1, percentile: 80, moment: { resolution: 1 } });
  expect(matches[0]?.similarity).toBeCloseTo(1, 6);
  expect(matches[0]?.moment?.similarity).toBeGreaterThan(0.999);
  expect(matches[0]?.moment?.time).toBe(matches[0]?.moment?.queryTime);
  expect(matches[1]?.similarity).toBeLessThan(matches[0]?.similarity ?? 0);
  const others = await it.rank({
    query: { kind: 'features', features: [features], exclude: 'v2' },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
  });
  expect(others.map(({ id }) => id).sort()).toEqual(['v0', 'v1', 'v3', 'v4']);
});

test('clips of the same source can be hidden', async () => {
  const it = library();
  await addIndexed(it, 3);
  await it.edit({ edits: [{ id: 'v1', changes: { group: 'g' } }] });
  const matches = await it.rank({
    query: { kind: 'video', id: 'v0' },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
    excludeGroups: ['g'],
  });
  expect(matches.map(({ id }) => id)).toEqual(['v2']);
});

test('several examples draw the ranking towards and away from them, and are never among the matches', async () => {
  const it = library();
  await addIndexed(it, 12);
  const ask = async (query: Parameters<typeof it.rank>[0]['query'], ranking = originalRecipe) =>
    (await it.rank({ query, spaces: [{ key, weight: 1 }], ranking, limit: 20 })).map(({ id, similarity }) => ({
      id,
      similarity,
    }));
  const video = (id: string) => ({ kind: 'video', id }) as const;
  const alone = await ask(video('v0'));
  const [more, less] = [alone.at(-1)?.id ?? '', alone[0]?.id ?? ''];
  const refined = await ask({ kind: 'examples', original: video('v0'), more: [video(more)], less: [video(less)] });
  expect(refined.map(({ id }) => id)).toHaveLength(9);
  for (const id of ['v0', more, less]) expect(refined.map((match) => match.id)).not.toContain(id);
  // By hand: unit vectors, 1 : 0.75 : -0.15.
  const vectorOf = (id: string) => meanFeatures(Number(id.slice(1)) + 1).vector;
  const unit = (id: string) => {
    const vector = vectorOf(id);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return vector.map((value) => value / length);
  };
  const [a, b, c] = [unit('v0'), unit(more), unit(less)];
  const combined = a.map((value, i) => value + 0.75 * (b[i] as number) - 0.15 * (c[i] as number));
  for (const { id, similarity: told } of refined) {
    expect(told).toBeCloseTo(similarity('cosine', combined, vectorOf(id)), 5);
  }
  // Dropped files count as videos do, whatever the stages of the recipe; the order of alike examples does not matter.
  const file = (id: string) =>
    ({ kind: 'features', features: [meanFeatures(Number(id.slice(1)) + 1)], exclude: id }) as const;
  const mixed = await ask(
    { kind: 'examples', original: undefined, more: [file('v3'), video('v4')], less: [] },
    improvedRecipe,
  );
  const stored = await ask(
    { kind: 'examples', original: undefined, more: [video('v4'), video('v3')], less: [] },
    improvedRecipe,
  );
  expect(mixed.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
  for (const [i, { similarity: told }] of mixed.entries()) expect(told).toBeCloseTo(stored[i]?.similarity ?? 0, 5);
});

test('examples of several sources hide the clips of each', async () => {
  const it = library();
  await addIndexed(it, 6);
  for (const [id, group] of [
    ['v1', 'g'],
    ['v2', 'h'],
  ] as const)
    await it.edit({ edits: [{ id, changes: { group } }] });
  const matches = await it.rank({
    query: { kind: 'examples', original: undefined, more: [{ kind: 'video', id: 'v0' }], less: [] },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
    excludeGroups: ['g', 'h'],
  });
  expect(matches.map(({ id }) => id).sort()).toEqual(['v3', 'v4', 'v5']);
});

test('an example that lacks a descriptor leaves it to the others; with none left the reason is told', async () => {
  const it = library();
  await addIndexed(it, 3);
  await it.enqueue({ files: [{ id: 'strips', location: location('strips.mp4') }] });
  await it.put({ id: 'strips', extraction: extraction('strips', [stripFeatures(1)]) });
  const ask = (more: readonly string[]) =>
    it.rank({
      query: { kind: 'examples', original: undefined, more: more.map((id) => ({ kind: 'video', id })), less: [] },
      spaces: [{ key, weight: 1 }],
      ranking: originalRecipe,
      limit: 9,
    });
  expect((await ask(['strips', 'v0'])).map(({ id }) => id).sort()).toEqual(['v1', 'v2']);
  await expect(ask(['strips'])).rejects.toMatchObject({ code: 'features-missing' });
});

test('vectors of the moments of a video come back with their times', async () => {
  const it = library();
  await addIndexed(it, 1);
  const [features, ...others] = await it.features({ id: 'v0', spaces: [key, 'another'] });
  expect(others).toEqual([]);
  expect(features).toMatchObject({ space: frameSpace, count: 4, dimensions: 32, times: Float64Array.of(0, 1, 2, 3) });
  const original = meanFeatures(1);
  for (const i of [0, 63, 127]) expect(features?.frames[i]).toBeCloseTo(original.frames[i] as number, 2);
  await expect(it.features({ id: 'x', spaces: [key] })).rejects.toMatchObject({ code: 'video-missing' });
});

test('queries that cannot be compared say so', async () => {
  const it = library();
  await addIndexed(it, 1);
  const features = [meanFeatures(1, { space: { ...frameSpace, modelHash: 'b' } })];
  await expect(
    it.rank({ query: { kind: 'features', features }, spaces: [{ key, weight: 1 }], ranking: originalRecipe, limit: 1 }),
  ).rejects.toMatchObject({
    code: 'spaces-differ',
  });
  const longer = [meanFeatures(1, { dimensions: 33 })];
  await expect(
    it.rank({
      query: { kind: 'features', features: longer },
      spaces: [{ key, weight: 1 }],
      ranking: originalRecipe,
      limit: 1,
    }),
  ).rejects.toMatchObject({
    code: 'spaces-differ',
  });
  await expect(
    it.rank({
      query: { kind: 'video', id: 'v0' },
      spaces: [{ key: 'other', weight: 1 }],
      ranking: originalRecipe,
      limit: 1,
    }),
  ).rejects.toMatchObject({
    code: 'features-missing',
  });
  await expect(
    it.rank({ query: { kind: 'video', id: 'no' }, spaces: [{ key, weight: 1 }], ranking: originalRecipe, limit: 1 }),
  ).rejects.toMatchObject({
    code: 'video-missing',
  });
});

test('a still image is compared with colour strips by repeating its frame', async () => {
  const it = library();
  const strip = spaceKey(stripSpace);
  await it.enqueue({ files: ['a', 'b', 'c'].map((id) => ({ id, location: location(`${id}.mp4`) })) });
  for (const [i, id] of ['a', 'b'].entries()) await it.put({ id, extraction: extraction(id, [stripFeatures(i)]) });
  await it.put({ id: 'c', extraction: extraction('c', [stripFeatures(8, 10)]) });
  const image = stripFeatures(5, 1);
  const matches = await it.rank({
    query: { kind: 'features', features: [image] },
    spaces: [{ key: strip, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
  });
  const repeated = new Float32Array(6000);
  for (let i = 0; i < 20; i++) repeated.set(image.vector, i * 300);
  const expected = similarity('euclidean', repeated, stripFeatures(1).vector);
  expect(matches.find(({ id }) => id === 'b')?.similarity).toBeCloseTo(expected, 6);
  expect(matches).toHaveLength(3);
});

test('another tab hears of a change and ranks by it', async () => {
  const here = library();
  const there = library(here.name);
  await addIndexed(here, 2);
  await settle();
  expect(await there.videos()).toHaveLength(2);
  const query = {
    query: { kind: 'video', id: 'v0' },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
  } as const;
  expect(await there.rank(query)).toHaveLength(1);
  const heard: LibraryChange[] = [];
  await there.subscribe((change) => heard.push(change));
  await here.enqueue({ files: [{ id: 'late', location: location('late.mp4') }] });
  await here.put({ id: 'late', extraction: extraction('late', [meanFeatures(77)]) });
  await settle();
  expect(new Set(heard.flatMap((change) => (change === 'everything' ? [change] : change.videos)))).toEqual(
    new Set(['late']),
  );
  expect((await there.rank(query)).map(({ id }) => id).sort()).toEqual(['late', 'v1']);
  await here.remove({ ids: ['late'] });
  await here.purge({ ids: ['late'] });
  await settle();
  expect((await there.rank(query)).map(({ id }) => id)).toEqual(['v1']);
  await here.clear();
  await settle();
  expect(heard.at(-1)).toBe('everything');
  expect(await there.videos()).toEqual([]);
});

test('another tab reads no vectors anew where only what is said of videos has changed', async () => {
  const here = library();
  const there = library(here.name);
  await addIndexed(here, 3);
  const query = {
    query: { kind: 'video', id: 'v0' },
    spaces: [{ key, weight: 1 }],
    ranking: originalRecipe,
    limit: 9,
  } as const;
  expect(await there.rank(query)).toHaveLength(2);
  await settle();
  const read = vi.spyOn(Database.prototype, 'read');
  const vectorReads = () => read.mock.calls.filter(([stores]) => stores.includes('vectors')).length;
  const edits = ['v0', 'v1', 'v2'].map((id) => ({ id, changes: { labels: ['YoYo'] } }));
  await here.edit({ edits });
  await here.remove({ ids: ['v2'] });
  await here.restore({ ids: ['v2'] });
  await settle();
  expect(await there.videos()).toMatchObject(edits.map(() => ({ labels: ['YoYo'] })));
  expect(vectorReads()).toBe(0);
  await here.put({ id: 'v1', extraction: extraction('v1', [meanFeatures(1)]) });
  await settle();
  expect(vectorReads()).toBe(1);
  read.mockRestore();
  expect((await there.rank(query))[0]).toMatchObject({ id: 'v1', similarity: expect.closeTo(1, 6) });
});

test('proxies are kept and can be freed, but for the clips that are nowhere else', async () => {
  const it = library();
  await it.putProxy({ id: 'a', proxy: new Blob(['mp4']) });
  expect(await (await it.proxy({ id: 'a' }))?.text()).toBe('mp4');
  await it.enqueue({ files: [{ id: 'sample', location: location('Sample library/Waves/Waves_1.mp4') }] });
  await it.putProxy({ id: 'sample', proxy: new Blob(['mp4']) });
  await it.freeProxies();
  expect(await it.proxy({ id: 'a' })).toBeUndefined();
  expect(await it.proxy({ id: 'sample' })).toBeDefined();
});

test('by sets of frames, each frame finds its like, both ways; re-ranking works over them too', async () => {
  const it = library();
  await addIndexed(it, 12);
  const ranking = { ...originalRecipe, distance: 'chamfer' } as const;
  const query = { kind: 'features', features: [meanFeatures(99)] } as const;
  const spaces = [{ key, weight: 1 }];
  const matches = await it.rank({ query, spaces, ranking, limit: 12 });
  const rowsOf = (seed: number) => {
    const { frames, count, dimensions } = meanFeatures(seed);
    return Array.from({ length: count }, (_, i) => frames.slice(i * dimensions, (i + 1) * dimensions));
  };
  const oneWay = (from: Float32Array[], to: Float32Array[]) =>
    from.reduce((sum, a) => sum + Math.max(...to.map((b) => similarity('cosine', a, b))), 0) / from.length;
  expect(matches).toHaveLength(12);
  for (const { id, similarity: told } of matches) {
    const [asked, found] = [rowsOf(99), rowsOf(Number(id.slice(1)) + 1)];
    // Stored frames are rounded.
    expect(told, id).toBeCloseTo((oneWay(asked, found) + oneWay(found, asked)) / 2, 2);
  }
  const again = await it.rank({ query, spaces, ranking: { ...improvedRecipe, distance: 'chamfer' }, limit: 12 });
  expect(new Set(again.map(({ id }) => id)).size).toBe(12);
  expect(again.every(({ similarity: told }) => Number.isFinite(told))).toBe(true);
});

test('colours are compared as pictures where asked, other descriptors as ever', async () => {
  const it = library();
  const ids = ['v0', 'v1', 'v2', 'v3'];
  await it.enqueue({ files: ids.map((id) => ({ id, location: location(`set/${id}.mp4`) })) });
  for (const [i, id] of ids.entries()) {
    await it.put({ id, extraction: extraction(id, [meanFeatures(i + 1), stripFeatures(i + 1)]) });
  }
  // As v2, all brighter by a half and of half the contrast: another structure than any, yet nearest to v2's.
  const own = stripFeatures(3);
  const paler = own.frames.map((value) => (value + 1) / 2);
  const query = { kind: 'features', features: [{ ...own, frames: paler, vector: paler }, meanFeatures(1)] } as const;
  const strips = spaceKey(stripSpace);
  const ranked = (spaces: readonly string[], distance: 'own' | 'ssim') =>
    it.rank({
      query,
      spaces: spaces.map((space) => ({ key: space, weight: 1 })),
      ranking: { ...originalRecipe, distance },
      limit: 4,
    });
  const [first, second] = await ranked([strips], 'ssim');
  expect(first?.id).toBe('v2');
  const picture = (values: Float32Array) => structuredPicture(values, 20, 100, 3);
  expect(first?.similarity).toBeCloseTo(structuralSimilarity(picture(paler), picture(own.frames)), 2);
  expect(second?.similarity).toBeLessThan((first?.similarity ?? 0) / 2);
  const plain = await ranked([key], 'own');
  expect((await ranked([key], 'ssim')).map(({ id, similarity }) => [id, similarity])).toEqual(
    plain.map(({ id, similarity }) => [id, similarity]),
  );
  expect((await ranked([key, strips], 'ssim')).every(({ similarity }) => Number.isFinite(similarity))).toBe(true);
});

test('an imported head is known for what it is', async () => {
  const layers = initialFrameLayers({ kind: 'gru', units: 3, scales: [1], moments: 5, width: 4 }, 2, 1);
  const head: TrainedHead = {
    classes: ['a', 'b'],
    outcome: 'one-label',
    dimensions: 4,
    preprocessing: { root: false, standard: undefined },
    model: { name: 'frame-network', reading: { kind: 'gru', units: 3, scales: [1], moments: 5, width: 4 }, layers },
  };
  const texts = textsOf({ name: 'G', space: key, head }, undefined);
  const api = library();
  const npz = await headToNpz(head, texts);
  const entry = await api.importHead({ file: new File([npz], 'g.npz') });
  expect(entry.kind).toBe('gru');
  expect(await api.heads()).toEqual([entry]);
});
