import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../core/feature';
import { hashDimensions } from '../../core/near-duplicates/hash-track';
import { seededRandom } from '../../core/random';
import { waveletHash } from '../../extractors/wavelet-hash';
import { extraction, location } from './extraction.fixture';
import { createLibrary } from './library';

const open: { close(): void }[] = [];
let names = 0;
afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

function scene(seed: number, seconds: number): Float32Array[] {
  const random = seededRandom(seed);
  let values = Array.from({ length: hashDimensions }, () => random() - 0.5);
  return Array.from({ length: seconds * 4 }, () => {
    values = values.map((value) => 0.97 * value + 0.25 * (random() - 0.5));
    return Float32Array.from(values, (value) => (value > 0 ? 1 : -1));
  });
}

function hashes(rows: readonly Float32Array[], preprocessing = 'squeeze'): FeatureMatrix {
  const { id: extractor, version, sampling } = waveletHash;
  const frames = new Float32Array(rows.length * hashDimensions);
  for (const [i, row] of rows.entries()) frames.set(row, i * hashDimensions);
  return {
    space: { extractor, version, modelHash: null, preprocessing },
    sampling,
    vector: frames.slice(0, hashDimensions),
    frames,
    count: rows.length,
    dimensions: hashDimensions,
    times: Float64Array.from(rows, (_, i) => i / 4),
  };
}

const [one, two, three, four] = [scene(1, 5), scene(2, 5), scene(3, 5), scene(4, 5)] as const;
const source = (rows: readonly Float32Array[]) => ({ features: hashes(rows), duration: rows.length / 4 });

async function filled() {
  const library = createLibrary(`moments-test-${names++}`);
  open.push(library);
  const videos: Readonly<Record<string, FeatureMatrix>> = {
    long: hashes([...one, ...two, ...three]),
    short: hashes(two.slice(4, 12)),
    other: hashes(four),
    kind: hashes(two, 'squeeze; hash=dct'),
  };
  for (const [id, features] of Object.entries(videos)) {
    await library.enqueue({ files: [{ id, location: location(`set/${id}.mp4`) }] });
    const made = extraction(id, [features]);
    const video = {
      codec: 'h264',
      width: 8,
      height: 8,
      rotation: 0,
      frameRate: 25,
      frameCount: 9,
      hdr: false,
    } as const;
    const probe = { ...made.probe, duration: features.count / 4, video };
    await library.put({ id, extraction: { ...made, probe } });
  }
  return library;
}

test('a clip is found in what holds it and in what lies in it, the most shared first', async () => {
  const library = await filled();
  const report = await library.findOccurrences({ query: source(two) });
  expect(report.found.map(({ id, containment }) => [id, containment])).toEqual([
    ['long', 'query-in-match'],
    ['short', 'match-in-query'],
  ]);
  expect(report).toMatchObject({ compared: 3, lacking: 1, query: { count: 20, telling: 20, from: 0, to: 5 } });
  const [segment] = report.found[0]?.segments ?? [];
  expect(segment?.match.from).toBeCloseTo(5, 0);
  expect(segment?.match.to).toBeCloseTo(10, 0);
});

test('the query itself is left out, and a part of it is looked for alone', async () => {
  const library = await filled();
  const query = { ...source([...four, ...two]), part: { from: 6, to: 8 } };
  const report = await library.findOccurrences({ query, exclude: 'short' });
  expect(report.found.map(({ id }) => id)).toEqual(['long']);
  expect(report.query).toMatchObject({ from: 6, to: 8 });
});

test('two are aligned frame by frame; hashes of different kinds are not', async () => {
  const library = await filled();
  const aligned = await library.alignTimelines({ query: source(two), match: source([...one, ...two]) });
  expect(aligned.matrix).toHaveLength(20 * 40);
  expect(aligned).toMatchObject({ query: { count: 20 }, match: { count: 40, to: 10 } });
  expect(aligned.segments).toHaveLength(1);
  const differing = { features: hashes(two, 'squeeze; hash=dct'), duration: 5 };
  await expect(library.alignTimelines({ query: source(two), match: differing })).rejects.toMatchObject({
    code: 'spaces-differ',
  });
  const nothing = { ...source(two), part: { from: 9, to: 9.2 } };
  await expect(library.alignTimelines({ query: nothing, match: source(two) })).rejects.toMatchObject({
    code: 'part-empty',
  });
});
