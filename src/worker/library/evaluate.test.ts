import 'fake-indexeddb/auto';
import { afterEach, expect, test } from 'vitest';
import { spaceKey } from '../../core/feature';
import { improvedRecipe, originalRecipe } from '../../core/ranking/recipe';
import type { EvaluateArgs } from '../../protocol/evaluation-api';
import { createGate } from '../../protocol/gate';
import { extraction, frameSpace, location, meanFeatures } from './extraction.fixture';
import { createLibrary } from './library';

const key = spaceKey(frameSpace);
const open: { close(): void }[] = [];
let names = 0;

function library(name = `evaluate-test-${names++}`) {
  const created = createLibrary(name);
  open.push(created);
  return { ...created, name };
}

afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

/** Two classes of three groups of two clips. */
async function filled(name?: string) {
  const it = library(name);
  const paths = ['Archery', 'YoYo'].flatMap((label) =>
    [1, 2, 3].flatMap((group) => [1, 2].map((clip) => `${label}/v_${label}_g0${group}_c0${clip}.avi`)),
  );
  await it.enqueue({ files: paths.map((path) => ({ id: path, location: location(path) })) });
  for (const [i, id] of paths.entries()) await it.put({ id, extraction: extraction(id, [meanFeatures(i + 1)]) });
  return { ...it, paths };
}

const settings = { ks: [1, 5], topK: 10, confusionK: 5, replicates: 50, seed: 1 };

async function argsOf(it: Awaited<ReturnType<typeof filled>>, changes: Partial<EvaluateArgs> = {}) {
  const { truth } = await it.readGroundTruth({ from: 'library' });
  const args: EvaluateArgs = {
    name: 'test',
    truth,
    spaces: [{ key, weight: 1 }],
    protocol: { name: 'group-excluded' },
    scorer: { name: 'ranked', recipe: originalRecipe },
    settings,
    leakage: true,
    original: true,
    ...changes,
  };
  return args;
}

test('the rank of every match is that of a search', async () => {
  const it = await filled();
  const report = await it.evaluate(await argsOf(it, { protocol: { name: 'leave-one-out' } }));
  for (const [i, query] of report.queries.video.entries()) {
    const id = report.dataSet.videos[query]?.id ?? '';
    const matches = await it.rank({
      query: { kind: 'video', id },
      spaces: [{ key, weight: 1 }],
      ranking: originalRecipe,
      limit: 10,
    });
    expect(report.queries.top[i]?.map((video) => report.dataSet.videos[video]?.id)).toEqual(matches.map((m) => m.id));
  }
});

test('the original ranking stands beside another one; a held evaluation goes on', async () => {
  const it = await filled();
  const plain = await it.evaluate(await argsOf(it));
  expect(plain.original).toBeUndefined();
  const fractions: number[] = [];
  const gate = createGate();
  const running = it.evaluate(await argsOf(it, { scorer: { name: 'ranked', recipe: improvedRecipe } }), {
    onProgress: ({ fraction = 0 }) => fractions.push(fraction),
    gate,
  });
  gate.close();
  setTimeout(() => gate.open(), 100);
  const improved = await running;
  expect(improved.original?.summary).toEqual(plain.summary);
  expect(improved.summary).not.toEqual(plain.summary);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
});

test('leakage is the gap to leave-one-out, and frames vote', async () => {
  const it = await filled();
  const report = await it.evaluate(await argsOf(it));
  const loose = await it.evaluate(await argsOf(it, { protocol: { name: 'leave-one-out' } }));
  expect(report.leakage?.summary).toEqual(loose.summary);
  expect(report.counts).toMatchObject({ queries: 12, answered: 12, gallery: 12 });
  const votes = await it.evaluate(await argsOf(it, { scorer: { name: 'frame-knn', neighbours: 3 } }));
  expect(votes.summary.map(({ metric }) => metric)).toEqual(['accuracy', 'frame-accuracy']);
});

test('stops when it is told to, and says what is missing', async () => {
  const it = await filled();
  const stopped = new AbortController();
  const running = it.evaluate(await argsOf(it), {
    signal: stopped.signal,
    onProgress: () => stopped.abort(),
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  await expect(it.evaluate(await argsOf(it, { truth: [] }))).rejects.toMatchObject({ code: 'evaluation-empty' });
  const split = it.evaluate(await argsOf(it, { protocol: { name: 'official-split' } }));
  await expect(split).rejects.toMatchObject({ code: 'evaluation-empty' });
});

test('a report is kept, listed, read back as it was, and removed', async () => {
  const it = await filled();
  const report = await it.evaluate(await argsOf(it));
  const entry = await it.saveReport({ name: 'First', report });
  it.close();
  const again = library(it.name);
  expect(await again.reports()).toEqual([entry]);
  expect(await again.savedReport({ id: entry.id })).toEqual({ ...report, name: 'First' });
  await again.removeReport({ id: entry.id });
  expect(await again.reports()).toEqual([]);
  await expect(again.savedReport({ id: entry.id })).rejects.toMatchObject({ code: 'report-missing' });
});

test('a report file is read as it was written; one of other videos than its hash tells is refused', async () => {
  const it = await filled();
  const scorers = [
    { name: 'ranked', recipe: originalRecipe },
    { name: 'ranked', recipe: improvedRecipe },
    { name: 'frame-knn', neighbours: 3 },
  ] as const;
  for (const scorer of scorers) {
    const report = await it.evaluate(await argsOf(it, { scorer }));
    expect(await it.readReport({ file: new Blob([JSON.stringify(report)]) })).toEqual(report);
    const renamed = structuredClone(report);
    (renamed.dataSet.videos[0] as { path: string }).path = 'Archery/a.avi';
    const file = new Blob([JSON.stringify(renamed, undefined, 1)]);
    await expect(it.readReport({ file })).rejects.toMatchObject({
      code: 'report-invalid',
      details: { path: 'dataSet.hash', line: expect.any(Number) },
    });
  }
});

test('a report run again from its own ground truth gives the same numbers; a changed label shows in the hash', async () => {
  const it = await filled();
  const report = await it.evaluate(
    await argsOf(it, { protocol: { name: 'holdout', share: 0.7, groupAware: true, seed: 3 } }),
  );
  const { truth, missing } = await it.truthOfReport({ report });
  expect(missing).toEqual([]);
  const again = await it.evaluate(await argsOf(it, { truth, protocol: report.protocol }));
  expect({ ...again, created: '', runtime: [] }).toEqual({ ...report, created: '', runtime: [] });
  await it.edit({ edits: [{ id: it.paths[0] ?? '', changes: { labels: ['YoYo'] } }] });
  const now = await it.evaluationState(await argsOf(it));
  expect(now.dataSetHash).not.toBe(report.dataSet.hash);
  expect(now.descriptors).toEqual(report.descriptors);
  expect(now.ids).toEqual(report.dataSet.videos.map(({ id }) => id));
});

test('rows are matched, the others listed; what a file says is written to the library and saved again', async () => {
  const it = await filled();
  const text = `Video File,Label,Title\n${it.paths[0]},Blue|Sky,"=1+1"\nv_YoYo_g01_c01.avi,\nnowhere.avi,x\n`;
  const files = [new File([text], 'labels.csv')];
  const reading = await it.readGroundTruth({ from: 'files', files });
  expect(reading).toMatchObject({
    rows: 3,
    unlabelled: 1,
    counts: { missing: 1, file: 1 },
    missingPaths: ['nowhere.avi'],
  });
  expect(reading.truth).toEqual([{ id: it.paths[0], labels: ['Blue', 'Sky'], group: 'Archery_g01' }]);
  expect(await reading.listing.text()).toContain('4,nowhere.avi,missing');
  const written = await it.applyGroundTruth({ files });
  expect(written).toHaveLength(2);
  expect(await (await it.exportLabels()).text()).toContain(`${it.paths[0]},Blue|Sky,Archery_g01,,"'=1+1",,`);
});

test('splits written to the library are there for its own labels, and stay through removal and undo', async () => {
  const it = await filled();
  const rows = it.paths.map((path, i) => `${path},${path.split('/')[0]},${i % 2 ? 'test' : 'train'}`);
  const text = `Video File,Label,Split\n${rows.join('\n')}\n`;
  await it.applyGroundTruth({ files: [new File([text], 'labels.csv')] });
  const report = await it.evaluate(await argsOf(it, { protocol: { name: 'official-split' } }));
  expect(report.counts).toMatchObject({ queries: 6, gallery: 6 });
  await it.remove({ ids: it.paths });
  await it.restore({ ids: it.paths });
  expect(await (await it.exportLabels()).text()).toContain(`${it.paths[1]},Archery,Archery_g01,test,`);
  await it.edit({ edits: it.paths.map((id) => ({ id, changes: { split: null } })) });
  expect(await (await it.exportLabels()).text()).not.toContain('test');
});
