import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../core/feature';
import { seededRandom } from '../../core/random';
import { waveletHash } from '../../extractors/wavelet-hash';
import { extraction, location } from './extraction.fixture';
import { createLibrary } from './library';

const open: { close(): void }[] = [];
let names = 0;

function library(name = `duplicates-test-${names++}`) {
  const created = createLibrary(name);
  open.push(created);
  return { ...created, name };
}
afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

type Library = ReturnType<typeof library>;

/** Hashes of a scene that wanders, four a second; `noise` turns some bits. */
function hashes(seed: number, count: number, { noise = 0, preprocessing = 'squeeze' } = {}): FeatureMatrix {
  const { version, sampling } = waveletHash;
  const [random, disturb] = [seededRandom(seed), seededRandom(seed + 7)];
  let values = Array.from({ length: 128 }, () => random() - 0.5);
  const frames = new Float32Array(count * 128);
  for (let i = 0; i < count; i++) {
    values = values.map((value) => 0.97 * value + 0.25 * (random() - 0.5));
    frames.set(
      values.map((value) => (value > 0 === disturb() >= noise ? 1 : -1)),
      i * 128,
    );
  }
  const space = { extractor: waveletHash.id, version, modelHash: null, preprocessing };
  const times = Float64Array.from({ length: count }, (_, i) => i / 4);
  return { space, sampling, vector: frames.slice(0, 128), frames, count, dimensions: 128, times };
}

async function add(to: Library, id: string, features: readonly FeatureMatrix[], side = 100, duration?: number) {
  await to.enqueue({ files: [{ id, location: location(`set/${id}.mp4`) }] });
  const made = extraction(id, features);
  const video = {
    codec: 'h264',
    width: side,
    height: side,
    rotation: 0,
    frameRate: 25,
    frameCount: 100,
    hdr: false,
  } as const;
  const seconds = duration ?? (features[0]?.count ?? 0) / 4;
  await to.put({ id, extraction: { ...made, probe: { ...made.probe, duration: seconds, video } } });
}

async function filled(): Promise<Library> {
  const it = library();
  await add(it, 'small', [hashes(1, 24, { noise: 0.03 })], 50);
  await add(it, 'original', [hashes(1, 24)], 100);
  await add(it, 'other', [hashes(2, 24)], 100);
  await add(it, 'part', [{ ...hashes(1, 12, { noise: 0.02 }) }], 80);
  await add(it, 'unrelated', [hashes(3, 30)], 100);
  return it;
}

test('groups hold what belongs together, the best first, with what was found of each pair', async () => {
  const it = await filled();
  const stages = new Set<string>();
  const report = await it.findDuplicates({}, { onProgress: ({ stage }) => stages.add(stage) });
  expect(report).toMatchObject({ compared: 5, lacking: 0 });
  expect(report.groups.map(({ videos }) => videos)).toEqual([['original', 'part', 'small']]);
  const pairs = report.groups[0]?.pairs ?? [];
  const relations = Object.fromEntries(pairs.map(({ ids, found }) => [ids.join(' '), found.relation]));
  expect(relations).toMatchObject({ 'small original': 'copy', 'original part': 'second-in-first' });
});

test('what a person dismissed is not found again, until it is allowed', async () => {
  const it = await filled();
  await it.dismissPairs({
    pairs: [
      ['part', 'original'],
      ['part', 'small'],
    ],
  });
  expect((await it.findDuplicates({})).groups.map(({ videos }) => videos)).toEqual([['original', 'small']]);
  expect(await it.dismissedPairs()).toBe(2);
  it.close();

  const again = library(it.name);
  expect((await again.findDuplicates({})).groups.map(({ videos }) => videos)).toEqual([['original', 'small']]);
  expect(await again.allowPairs({ pairs: [['original', 'part']] })).toEqual([['original', 'part']]);
  expect((await again.findDuplicates({})).groups[0]?.videos).toEqual(['original', 'part', 'small']);
  expect(await again.allowPairs({ pairs: 'all' })).toEqual([['part', 'small']]);
  expect(await again.dismissedPairs()).toBe(0);
});

test('removed videos do not count, and come back with their group', async () => {
  const it = await filled();
  await it.remove({ ids: ['small', 'part'] });
  expect((await it.findDuplicates({})).groups).toEqual([]);
  await it.restore({ ids: ['part'] });
  expect((await it.findDuplicates({})).groups.map(({ videos }) => videos)).toEqual([['original', 'part']]);
});

test('only hashes of one kind are compared, those that most videos have; the others are told', async () => {
  const it = library();
  await add(it, 'a', [hashes(1, 24)]);
  await add(it, 'b', [hashes(1, 24)]);
  await add(it, 'c', [hashes(1, 24, { preprocessing: 'squeeze; hash=dct' })]);
  const report = await it.findDuplicates({});
  expect(report).toMatchObject({ compared: 2, lacking: 1 });
  expect(report.groups.map(({ videos }) => videos)).toEqual([['a', 'b']]);
});

test('what has no pictures lacks no hashes', async () => {
  const it = library();
  await add(it, 'a', [hashes(1, 24)]);
  await it.enqueue({ files: [{ id: 'song', location: location('set/song.ogg') }] });
  const song = extraction('song', []);
  await it.put({ id: 'song', extraction: { ...song, probe: { ...song.probe, video: undefined } } });
  expect(await it.findDuplicates({})).toMatchObject({ compared: 1, lacking: 0 });
});

test('a library without hashes has nothing to compare', async () => {
  expect(await library().findDuplicates({})).toEqual({ groups: [], compared: 0, lacking: 0 });
});

test('a cancelled search rejects', async () => {
  const it = library();
  for (let i = 0; i < 60; i++) await add(it, `v${i}`, [hashes(1, 60, { noise: 0.05 })]);
  const controller = new AbortController();
  const search = it.findDuplicates({}, { signal: controller.signal, onProgress: () => controller.abort() });
  await expect(search).rejects.toMatchObject({ name: 'AbortError' });
});
