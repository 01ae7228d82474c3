import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { seededRandom } from '../src/core/random';
import { expect, test } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { openLibrary } from './fixtures/library-steps';

const fixtures = join(import.meta.dirname, '../src/worker/feature-files/fixtures');

test.describe('features files', () => {
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-features-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  const open = async (page: Page, files: string | readonly string[]) => {
    await openLibrary(page);
    await page.getByRole('link', { name: 'Classify', exact: true }).click();
    await page.getByLabel('Features file').setInputFiles(typeof files === 'string' ? files : [...files]);
    return page.getByRole('region', { name: 'Features read' });
  };
  const fact = (read: ReturnType<Page['getByRole']>, term: string) =>
    read.getByText(term, { exact: true }).locator('+ dd');

  test('a train and a test file: read, trained on, judged at thresholds, compared; no dead end', async ({ page }) => {
    const files = ['my_train.csv', 'my_test.csv'].map((name) => join(root, name));
    writeFileSync(files[0] ?? '', plantedCsv(160, 1));
    writeFileSync(files[1] ?? '', plantedCsv(80, 2));
    const read = await open(page, files);
    await expect(fact(read, 'Examples')).toHaveText('240');
    await expect(fact(read, 'Values each')).toHaveText('12');
    await expect(fact(read, 'Labels')).toHaveText('4');
    await expect(read).toContainText('parted into train and test');
    await expect(page.getByRole('combobox', { name: 'Split' })).toHaveValue('official');
    await page.getByRole('spinbutton', { name: 'Validation, %' }).fill('25');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    const summary = page.getByRole('table', { name: 'Test summary' });
    await expect(summary).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('article')).toContainText('tested on 80: 4 categories');
    const map = await summary
      .getByRole('row', { name: 'mAP, over categories' })
      .getByRole('cell')
      .first()
      .textContent();
    expect(Number(map)).toBeGreaterThan(0.9);
    for (const name of ['Calibration', 'ROC', 'Precision-recall', 'Training curves']) {
      await expect(page.getByRole('figure', { name })).toBeVisible();
    }

    await test.step('thresholds: one for all by the slider, or the best of each', async () => {
      const told = page.getByRole('status', { name: 'Mean over categories' });
      const before = await told.textContent();
      const slider = page.getByRole('slider', { name: 'Threshold' });
      await slider.focus();
      for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
      await expect(told).toContainText('From 0.70 on');
      expect(await told.textContent()).not.toBe(before);
      await page.getByText('best F1 of each').click();
      const table = page.getByRole('table', { name: 'Per category' });
      await expect(table.getByRole('columnheader', { name: 'Threshold' })).toBeVisible();
    });

    await test.step('the head cannot be applied, and says why', async () => {
      await expect(page.getByRole('button', { name: 'Apply to library' })).toBeDisabled();
      await expect(page.getByText('does not say which model made its vectors')).toBeVisible();
    });

    await test.step('another head is compared on the same split', async () => {
      await page.getByRole('combobox', { name: 'Head' }).selectOption('nearest-neighbours');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect(page.getByRole('heading', { name: '5 nearest neighbours on my_train.csv' })).toBeVisible();
      await page.getByRole('button', { name: 'Compare with the other head' }).click();
      const row = page.getByRole('table', { name: 'Heads compared' }).getByRole('row', { name: /^logistic/ });
      await expect(row.getByRole('cell').first()).toHaveText('80');
    });
    await expectAccessible(page, 'a head of a features file');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page, 'features file, narrow');

    await test.step('a broken file is named with its line; what was chosen stays', async () => {
      const broken = join(root, 'broken.csv');
      writeFileSync(broken, 'id,labels,x0\na,cat,1\nb,dog,oops\n');
      await page.getByLabel('Features file').setInputFiles(broken);
      await expect(page.getByRole('alert')).toContainText(
        'The features file broken.csv cannot be used: line 3, column “x0” holds “oops”, which is no number.',
      );
      await expect(fact(read, 'Examples')).toHaveText('240');
      await expectAccessible(page, 'a features file that cannot be read');
    });
  });

  test('TFRecord, HDF5 and npz are read in the page as they are in Python', async ({ page }) => {
    const expected = [
      { name: 'frame-level.tfrecord', format: 'TFRecord', facts: { Examples: '2', 'Values each': '8', Labels: '3' } },
      { name: 'videos.h5', format: 'HDF5', facts: { Examples: '2', 'Values each': '4', Labels: '2' } },
      {
        name: 'half.h5',
        format: 'HDF5',
        facts: { Examples: '2', 'Values each': '2', Labels: '2' },
      },
      {
        name: 'vectors.npz',
        format: '.npz',
        facts: { Examples: '3', 'Values each': '2', 'Examples without a label': '1' },
      },
    ];
    for (const { name, format, facts } of expected) {
      const read = await open(page, join(fixtures, name));
      await expect(read).toContainText(`${name} (${format})`);
      for (const [term, value] of Object.entries(facts)) await expect(fact(read, term)).toHaveText(value);
    }
    const refused = [
      { name: 'other.h5', words: 'it has: weights' },
      { name: 'lzf.h5', words: 'row 0 of feature_vectors is compressed by lzf; gzip is known here' },
    ];
    for (const { name, words } of refused) {
      await open(page, join(fixtures, name));
      await expect(page.getByRole('alert')).toContainText(words);
    }
    const cut = join(root, 'cut.h5');
    const whole = readFileSync(join(fixtures, 'compressed.h5'));
    writeFileSync(cut, whole.subarray(0, whole.length / 2));
    await open(page, cut);
    await expect(page.getByRole('alert')).toContainText('this HDF5 file is damaged or cut off');
  });

  test('heads over moments learn what the order of moments tells', async ({ page }) => {
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    test.setTimeout(420_000);
    await open(page, join(fixtures, 'sequences.npz'));
    for (const [head, name] of [
      ['attention', 'attention 8 at scale 1'],
      ['gru', 'GRU 8 at scales 1, 2'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Head' }).selectOption(head);
      await page.getByRole('spinbutton', { name: 'Units' }).fill('8');
      await page.getByRole('textbox', { name: 'Time scales' }).fill(head === 'gru' ? '1, 2' : '1');
      await page.getByRole('spinbutton', { name: 'Learning rate' }).fill('0.02');
      await page.getByRole('combobox', { name: 'Scaling' }).selectOption('none');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect(page.getByRole('heading', { name: `${name} on sequences.npz` })).toBeVisible({ timeout: 180_000 });
      const row = page.getByRole('table', { name: 'Test summary' }).getByRole('row', { name: 'Accuracy' });
      const accuracy = Number(await row.getByRole('cell').first().textContent());
      // Both classes have the same moments, in another order: only the GRU can tell.
      if (head === 'gru') expect(accuracy).toBeGreaterThan(0.85);
      else expect(accuracy).toBeLessThan(0.75);
    }
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export ONNX' }).click();
    const file = test.info().outputPath('gru.onnx');
    await (await download).saveAs(file);
    const heads = page.getByRole('table', { name: 'Trained heads' }).getByRole('row');
    await expect(heads).toHaveCount(3);
    await page.getByLabel('Head file').setInputFiles(file);
    await expect(heads).toHaveCount(4);
  });

  test('a training goes on in a new tab where a closed one left it', async ({ page, context }) => {
    const file = join(root, 'long.csv');
    writeFileSync(file, plantedCsv(400, 3));
    await open(page, file);
    await page.getByRole('combobox', { name: 'Head' }).selectOption('mlp');
    await page.getByRole('spinbutton', { name: 'Epochs' }).fill('10000');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('figure', { name: 'Training curves' })).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => keptEpoch(page), { timeout: 60_000 }).toBeGreaterThan(1);

    const beside = await context.newPage();
    await beside.goto('/#/classify');
    await expect(beside.getByRole('heading', { name: 'Your library is empty' })).toBeVisible();
    await expect(beside.getByRole('region', { name: 'Interrupted training' })).toBeHidden();
    await page.close();
    // Once that tab is gone, its training is one that was interrupted.
    await expect(beside.getByRole('region', { name: 'Interrupted training' })).toBeVisible();
    await beside.close();

    const later = await context.newPage();
    await later.goto('/#/classify');
    const card = later.getByRole('region', { name: 'Interrupted training' });
    await expect(card).toContainText('MLP 512 on long.csv, in epoch');
    await expect(card.getByRole('button', { name: 'Resume training' })).toBeDisabled();
    await expectAccessible(later, 'an interrupted training');
    const kept = await keptEpoch(later);
    await later.getByLabel('Features file').setInputFiles(file);
    await later.getByRole('button', { name: 'Train', exact: true }).click();
    const question = later.getByRole('dialog', { name: 'Forget the interrupted training?' });
    await expect(question).toContainText('MLP 512 on long.csv, interrupted in epoch');
    await expectAccessible(later, 'the question whether to forget a training');
    await question.getByRole('button', { name: 'Keep it' }).click();
    await card.getByRole('button', { name: 'Resume training' }).click();
    const caption = later.getByRole('figure', { name: 'Training curves' }).locator('figcaption');
    await expect(caption).toBeVisible({ timeout: 60_000 });
    expect(Number(/Epoch (\d+)/.exec((await caption.textContent()) ?? '')?.[1])).toBeGreaterThanOrEqual(kept - 1);
    await later.getByRole('button', { name: 'Cancel' }).click();
    await expect(later.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
    await later.reload();
    await expect(later.getByRole('heading', { name: 'Your library is empty' })).toBeVisible();
    await expect(later.getByLabel('Features file')).toBeEnabled();
    await expect(card).toBeHidden();
  });
});

/** Rows of four planted labels, a fifth of them with two. */
function plantedCsv(rows: number, seed: number): string {
  const random = seededRandom(seed);
  const lines = [`id,labels,group,${Array.from({ length: 12 }, (_, i) => `f${i}`).join(',')}`];
  for (let row = 0; row < rows; row++) {
    const own = [row % 4, ...(random() < 0.2 ? [(row + 1) % 4] : [])];
    const values = Array.from({ length: 12 }, (_, d) =>
      ((own.includes(d % 4) ? 1 : 0) + 1.2 * (random() - 0.5)).toFixed(4),
    );
    lines.push(
      [`clip${seed}-${row}`, own.map((label) => `label ${label}`).join('|'), `g${seed}-${row}`, ...values].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The epoch of the checkpoint in storage, read past the app; 0 without one. */
function keptEpoch(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('reelmatch');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction(['checkpoints']).objectStore('checkpoints').get('entry');
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            database.close();
            resolve((reading.result as { entry: { epoch: number } } | undefined)?.entry.epoch ?? 0);
          };
        };
      }),
  );
}
