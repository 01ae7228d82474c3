import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test } from 'vitest';
import { type FeatureMatrix, type Space, spaceKey } from '../../core/feature';
import names from '../../core/vocabularies/class-names.json';
import { extraction, location, meanFeatures, seenClasses } from './extraction.fixture';
import { createLibrary } from './library';

const open: { close(): void }[] = [];
let libraries = 0;

function library(name = `words-test-${libraries++}`) {
  const created = createLibrary(name);
  open.push(created);
  return { ...created, name };
}

afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

const [beagle, retriever, violin] = ['beagle', 'golden retriever', 'violin'].map((name) =>
  names.imagenet.indexOf(name),
) as [number, number, number];

async function filled() {
  const it = library();
  const rows = {
    'clip-a': [
      [[retriever, 0.5]],
      [
        [retriever, 0.25],
        [beagle, 0.5],
      ],
    ],
    'clip-b': [[], [[violin, 0.875]]],
    'clip-c': [[], []],
  } as const;
  for (const [id, seen] of Object.entries(rows)) {
    const features = meanFeatures(id.length);
    await it.enqueue({ files: [{ id, location: location(`set/${id}.mp4`) }] });
    await it.put({ id, extraction: extraction(id, [features], [seenClasses(features, seen)]) });
  }
  return it;
}

test('what was recognised is kept with the video and leads to it and its moment', async () => {
  const it = await filled();
  const videos = await it.videos();
  expect(videos.find(({ id }) => id === 'clip-b')?.recognised).toEqual([
    { vocabulary: 'imagenet', class: violin, probability: 0.4375, best: 0.875, time: 1 },
  ]);
  expect(videos.find(({ id }) => id === 'clip-c')?.recognised).toBeUndefined();
  expect(await it.findWords({ text: 'fiddle', meanings: [], limit: 5 })).toMatchObject([
    {
      id: 'clip-b',
      rank: 1,
      similarity: 0.875,
      moment: { time: 1 },
      reasons: [{ name: 'violin', probability: 0.875 }],
    },
  ]);
  expect(await it.findWords({ text: 'dogs', meanings: [], limit: 5 })).toMatchObject([
    { id: 'clip-a', similarity: 0.75, moment: { time: 1 }, reasons: [{ name: 'dogs' }] },
  ]);
});

test('words that a person wrote come first, and a limit cuts the rest', async () => {
  const it = await filled();
  await it.edit({ edits: [{ id: 'clip-c', changes: { title: 'My dog' } }] });
  const matches = await it.findWords({ text: 'dog', meanings: [], limit: 5 });
  expect(matches.map(({ id, similarity }) => [id, similarity])).toEqual([
    ['clip-c', 1],
    ['clip-a', 0.75],
  ]);
  expect(await it.findWords({ text: 'dog', meanings: [], limit: 1 })).toHaveLength(1);
  expect(await it.findWords({ text: 'of the', meanings: [], limit: 5 })).toEqual([]);
});

test('a video leaves nothing behind, and comes back from another opening', async () => {
  const it = await filled();
  await it.remove({ ids: ['clip-a'] });
  expect(await it.findWords({ text: 'dog', meanings: [], limit: 5 })).toEqual([]);
  await it.purge({ ids: ['clip-a'] });
  await it.close();
  const again = library(it.name);
  expect(await again.findWords({ text: 'dog', meanings: [], limit: 5 })).toEqual([]);
  expect(await again.findWords({ text: 'violin', meanings: [], limit: 5 })).toHaveLength(1);
});

test('a vector made again replaces what its network saw', async () => {
  const it = await filled();
  const features = meanFeatures(1);
  await it.put({
    id: 'clip-a',
    extraction: extraction('clip-a', [features], [seenClasses(features, [[[violin, 0.5]]])]),
  });
  expect(await it.findWords({ text: 'dog', meanings: [], limit: 5 })).toEqual([]);
  await it.put({ id: 'clip-a', extraction: extraction('clip-a', [meanFeatures(2)]) });
  expect((await it.findWords({ text: 'violin', meanings: [], limit: 5 })).map(({ id }) => id)).toEqual([
    'clip-b',
    'clip-a',
  ]);
});

describe('with a text as a vector', () => {
  const clipSpace: Space = {
    extractor: 'clip',
    version: 1,
    modelHash: 'b'.repeat(64),
    preprocessing: 'cover; RGB clip',
  };
  const sampling = { instants: { mode: 'interval', seconds: 1 }, width: 224, height: 224, fit: 'cover' } as const;
  /** Frames a second apart, in a plane: red is [1, 0], green [0, 1]. */
  const described = (...frames: readonly (readonly [number, number])[]): FeatureMatrix => ({
    space: clipSpace,
    sampling,
    vector: Float32Array.of(
      frames.reduce((sum, [x]) => sum + x / frames.length, 0),
      frames.reduce((sum, [, y]) => sum + y / frames.length, 0),
    ),
    frames: Float32Array.from(frames.flat()),
    count: frames.length,
    dimensions: 2,
    times: Float64Array.from(frames.keys()),
  });
  const red = {
    space: spaceKey(clipSpace),
    vector: Float32Array.of(1, 0),
    neutral: [Float32Array.of(Math.SQRT1_2, Math.SQRT1_2), Float32Array.of(0, -1)],
    scale: 10,
  };
  const put = async (it: ReturnType<typeof library>, id: string, feature: FeatureMatrix) => {
    await it.enqueue({ files: [{ id, location: location(`set/${id}.mp4`) }] });
    await it.put({ id, extraction: extraction(id, [feature]) });
  };

  test('pictures that go with the text are found with their moment, those that do not come last', async () => {
    const it = library();
    await put(it, 'green', described([0, 1], [0, 1]));
    await put(it, 'late', described([0, 1], [0.8, 0.6], [1, 0]));
    await put(it, 'red', described([1, 0], [1, 0]));
    const matches = await it.findWords({ text: 'qwertz', meanings: [red], limit: 5 });
    expect(matches.map(({ id }) => id)).toEqual(['red', 'late', 'green']);
    const even = 1 / (1 + Math.exp(-10 * (1 - Math.SQRT1_2)));
    expect(matches[0]?.similarity).toBeCloseTo(even, 6);
    expect(matches[1]).toMatchObject({
      moment: { time: 2 },
      reasons: [{ kind: 'meaning', extractor: 'clip', time: 2, term: 'qwertz' }],
    });
    expect(matches[2]?.similarity).toBeLessThan(0.01);
  });

  test('words that some video answers count as much, and a video without the vectors is judged by words alone', async () => {
    const it = library();
    await put(it, 'red', described([1, 0]));
    await put(it, 'green', described([0, 1]));
    await put(it, 'silent', meanFeatures(1));
    await it.edit({ edits: [{ id: 'green', changes: { title: 'Rouge' } }] });
    await it.edit({ edits: [{ id: 'silent', changes: { title: 'Rouge' } }] });
    const matches = await it.findWords({ text: 'rouge', meanings: [red], limit: 5 });
    expect(matches.map(({ id }) => id)).toEqual(['silent', 'green', 'red']);
    expect(matches[0]).toMatchObject({ similarity: 1, reasons: [{ kind: 'text' }] });
    expect(matches[1]?.reasons.map(({ kind }) => kind)).toEqual(['meaning', 'text']);
    const [, green, last] = matches.map(({ similarity }) => similarity);
    expect(green).toBeGreaterThan(0.5);
    expect(last).toBeLessThan(0.5);
  });
});
