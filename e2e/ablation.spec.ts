import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { dropPaths, expect, test, waitUntilIndexed } from './fixtures/app';
import { openEvaluate } from './fixtures/evaluate-steps';
import { openLibrary, startWith } from './fixtures/library-steps';
import { sharedModels, sharedVideos, ucf101Clips } from './fixtures/shared-data';

test.skip(!process.env.TEST_FULL, 'takes half an hour: npm run test:full');
test.skip(!sharedVideos || !sharedModels, 'the real clips and networks are not here');

const pictures = ['resnet50', 'mobilenetv2', 'colour', 'motion'];
const sounds = ['yamnet', 'audio-statistics'];

/** Fuses these descriptors alike, and leaves the others out of fusions. */
async function fuse(page: Page, extractors: readonly string[]): Promise<void> {
  const all = [...pictures, ...sounds, 'wavelet-hash'];
  const weights = Object.fromEntries(all.map((extractor) => [extractor, extractors.includes(extractor) ? 1 : 0]));
  await page.evaluate(
    (state) => {
      localStorage.setItem('reelmatch-ranking', JSON.stringify({ state, version: 2 }));
    },
    { weights },
  );
  await page.reload();
}

async function addModel(page: Page, name: string, file: string): Promise<void> {
  const card = page.getByRole('region', { name: `Model of ${name}`, exact: true });
  await card.getByLabel('Add model file').setInputFiles(join(sharedModels ?? '', file));
  await expect(card).toContainText('Ready', { timeout: 60_000 });
}

/** Rows of the table "Descriptors and stages", printed. */
async function compare(page: Page): Promise<readonly (readonly string[])[]> {
  await page.getByRole('button', { name: 'Compare descriptors and stages' }).click();
  const table = page.getByRole('table', { name: 'Descriptors and stages' });
  await expect(table).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('progressbar', { name: 'Experiment' })).toBeHidden({ timeout: 3_000_000 });
  const rows = await table
    .getByRole('row')
    .evaluateAll((all) => all.map((row) => Array.from(row.children, (cell) => cell.textContent ?? '')));
  console.log(rows.map((cells) => cells.join('  ')).join('\n'));
  return rows;
}

const mapOf = (rows: readonly (readonly string[])[], protocol: string, descriptor: string, stages: string) => {
  const found = rows.find(
    ([name, fusion, stage, own]) => name === descriptor && fusion === 'alone' && stage === stages && own === protocol,
  );
  return Number.parseFloat(found?.at(-1) ?? '');
};

test('what each descriptor, fusion and stage is worth on 200 real clips, by two networks', async ({ page }, info) => {
  test.setTimeout(7_200_000);
  await startWith(page, { extractorsOff: ['clip', 'vggish'], extractorsOn: ['motion'] });
  await page.goto('/#/settings');
  await addModel(page, 'MobileNetV2', 'mobilenetv2_100_224.int8w.onnx');
  await addModel(page, 'YAMNet', 'yamnet_embed.int8w.onnx');
  await openLibrary(page);
  await dropPaths(page, [join(sharedVideos ?? '', 'ucf101')]);
  await waitUntilIndexed(page, 200, 3_600_000);

  // Which of these clips have a sound track tells their classes apart, so sound is left out of fusions.
  await fuse(page, pictures);
  await openEvaluate(page);
  const rows = await compare(page);
  const map = (descriptor: string, stages: string) => mapOf(rows, 'group-excluded', descriptor, stages);
  for (const descriptor of ['Colour', 'Near-duplicate', 'Motion', 'YAMNet', 'Sound statistics']) {
    expect(map(descriptor, 'original'), descriptor).toBeGreaterThan(0);
  }
  for (const network of ['ResNet-50', 'MobileNetV2']) {
    const gain = map(network, 'and smoothed by neighbours') - map(network, 'original');
    expect(gain, `gain of mAP by the improved ranking, ${network}`).toBeGreaterThan(0.08);
  }
  expect(map('ResNet-50', 'and smoothed by neighbours')).toBeGreaterThanOrEqual(0.72);

  await test.step('pictures and sound together, on the five classes that have sound', async () => {
    const classes = ['ApplyEyeMakeup', 'ApplyLipstick', 'Archery', 'BabyCrawling', 'BalanceBeam'];
    const labels = classes.flatMap((label) => ucf101Clips(label).map((path) => `${path.split('/').at(-1)},${label}`));
    const file = info.outputPath('sounding.csv');
    writeFileSync(file, ['Video File,Label', ...labels].join('\n'));
    await fuse(page, ['resnet50', 'yamnet']);
    await openEvaluate(page);
    await page.getByLabel('Ground truth').setInputFiles(file);
    await expect(page.getByRole('region', { name: 'Labels', exact: true })).toContainText('5 classes');
    await compare(page);
  });
});

test('what descriptors of sound are worth on 40 real sounds', async ({ page }) => {
  test.setTimeout(1_800_000);
  await startWith(page, { extractorsOff: [...pictures, 'wavelet-hash', 'clip', 'vggish'] });
  await page.goto('/#/settings');
  await addModel(page, 'YAMNet', 'yamnet_embed.int8w.onnx');
  const folder = join(sharedVideos ?? '', 'sounds');
  expect(readdirSync(folder)).toHaveLength(10);
  await openLibrary(page);
  await dropPaths(page, [folder]);
  await waitUntilIndexed(page, 40, 600_000);
  await fuse(page, sounds);
  await openEvaluate(page);
  const rows = await compare(page);
  expect(mapOf(rows, 'leave-one-out', 'YAMNet', 'original')).toBeGreaterThan(0.8);
});
