import { join } from 'node:path';
import { dropPaths, expect, test, waitUntilIndexed } from './fixtures/app';
import { openEvaluate } from './fixtures/evaluate-steps';
import { openLibrary, startWith } from './fixtures/library-steps';
import { sharedModels, sharedVideos } from './fixtures/shared-data';

test.skip(!process.env.TEST_FULL, 'takes half an hour: npm run test:full');
test.skip(!sharedVideos || !sharedModels, 'the real clips and networks are not here');

test('what each descriptor, fusion and stage is worth on 200 real clips, by two networks', async ({ page }) => {
  test.setTimeout(7_200_000);
  await startWith(page, { extractorsOff: ['clip', 'vggish'] });
  // Which of these clips have a sound track tells their classes apart, so sound is judged alone and left out of fusions;
  // near-duplicates are no classes.
  await page.addInitScript(() => {
    const fused = ['resnet50', 'mobilenetv2', 'colour', 'motion'].map((extractor) => [extractor, 1]);
    const alone = ['wavelet-hash', 'yamnet', 'audio-statistics'].map((extractor) => [extractor, 0]);
    const state = { weights: Object.fromEntries([...fused, ...alone]) };
    localStorage.setItem('reelmatch-ranking', JSON.stringify({ state, version: 2 }));
  });
  await page.goto('/#/settings');
  for (const [name, file] of [
    ['MobileNetV2', 'mobilenetv2_100_224.int8w.onnx'],
    ['YAMNet', 'yamnet_embed.int8w.onnx'],
  ] as const) {
    const card = page.getByRole('region', { name: `Model of ${name}`, exact: true });
    await card.getByLabel('Add model file').setInputFiles(join(sharedModels ?? '', file));
    await expect(card).toContainText('Ready', { timeout: 60_000 });
  }

  await openLibrary(page);
  await dropPaths(page, [join(sharedVideos ?? '', 'ucf101')]);
  await waitUntilIndexed(page, 200, 3_600_000);
  await openEvaluate(page);
  await page.getByRole('button', { name: 'Compare descriptors and stages' }).click();
  const table = page.getByRole('table', { name: 'Descriptors and stages' });
  await expect(table).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('progressbar', { name: 'Experiment' })).toBeHidden({ timeout: 3_000_000 });
  const rows = await table
    .getByRole('row')
    .evaluateAll((all) => all.map((row) => Array.from(row.children, (cell) => cell.textContent ?? '')));
  console.log(rows.map((cells) => cells.join('  ')).join('\n'));

  const map = (descriptor: string, stages: string) => {
    const found = rows.find(
      ([name, fusion, stage, protocol]) =>
        name === descriptor && fusion === 'alone' && stage === stages && protocol === 'group-excluded',
    );
    return Number.parseFloat(found?.at(-1) ?? '');
  };
  for (const descriptor of ['Colour', 'Near-duplicate', 'Motion', 'YAMNet', 'Sound statistics']) {
    expect(map(descriptor, 'original'), descriptor).toBeGreaterThan(0);
  }
  for (const network of ['ResNet-50', 'MobileNetV2']) {
    const gain = map(network, 'and smoothed by neighbours') - map(network, 'original');
    expect(gain, `gain of mAP by the improved ranking, ${network}`).toBeGreaterThan(0.08);
  }
  expect(map('ResNet-50', 'and smoothed by neighbours')).toBeGreaterThan(0.7);
});
