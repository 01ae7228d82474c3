import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
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
  expect(await it.findWords({ text: 'fiddle', limit: 5 })).toMatchObject([
    {
      id: 'clip-b',
      rank: 1,
      similarity: 0.875,
      moment: { time: 1 },
      reasons: [{ name: 'violin', probability: 0.875 }],
    },
  ]);
  expect(await it.findWords({ text: 'dogs', limit: 5 })).toMatchObject([
    { id: 'clip-a', similarity: 0.75, moment: { time: 1 }, reasons: [{ name: 'dogs' }] },
  ]);
});

test('words that a person wrote come first, and a limit cuts the rest', async () => {
  const it = await filled();
  await it.edit({ id: 'clip-c', changes: { title: 'My dog' } });
  const matches = await it.findWords({ text: 'dog', limit: 5 });
  expect(matches.map(({ id, similarity }) => [id, similarity])).toEqual([
    ['clip-c', 1],
    ['clip-a', 0.75],
  ]);
  expect(await it.findWords({ text: 'dog', limit: 1 })).toHaveLength(1);
  expect(await it.findWords({ text: 'of the', limit: 5 })).toEqual([]);
});

test('a video leaves nothing behind, and comes back from another opening', async () => {
  const it = await filled();
  await it.remove({ ids: ['clip-a'] });
  expect(await it.findWords({ text: 'dog', limit: 5 })).toEqual([]);
  await it.purge();
  await it.close();
  const again = library(it.name);
  expect(await again.findWords({ text: 'dog', limit: 5 })).toEqual([]);
  expect(await again.findWords({ text: 'violin', limit: 5 })).toHaveLength(1);
});

test('a vector made again replaces what its network saw', async () => {
  const it = await filled();
  const features = meanFeatures(1);
  await it.put({
    id: 'clip-a',
    extraction: extraction('clip-a', [features], [seenClasses(features, [[[violin, 0.5]]])]),
  });
  expect(await it.findWords({ text: 'dog', limit: 5 })).toEqual([]);
  await it.put({ id: 'clip-a', extraction: extraction('clip-a', [meanFeatures(2)]) });
  expect((await it.findWords({ text: 'violin', limit: 5 })).map(({ id }) => id)).toEqual(['clip-b', 'clip-a']);
});
