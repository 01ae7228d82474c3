import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary } from './fixtures/library-steps';
import { readNpz, vectorsByName } from './fixtures/npz';

test.describe('heads as files', () => {
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-heads-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  const saved = async (page: Page, button: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    const path = join(root, (await download).suggestedFilename());
    await (await download).saveAs(path);
    return path;
  };

  test('a head leaves as ONNX and .npz, comes back, and neighbours do without one', async ({ page }) => {
    const file = join(root, 'features.npz');
    await writeFeatures(file, { labels: ['Alpha', 'Beta', 'Gamma'], groups: 4, clips: 2, extractor: 'resnet50' });
    await openLibrary(page);
    await expect(await importFeatures(page, file)).toContainText('vectors imported');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Classify', exact: true }).click();
    const from = page.getByRole('combobox', { name: 'Labels from' });
    const heads = page.getByRole('table', { name: 'Trained heads' });
    const table = page.getByRole('table', { name: 'Suggestions' });
    for (const name of ['Export ONNX', 'Apply to library']) {
      await expect(page.getByRole('button', { name })).toBeDisabled();
    }
    await from.selectOption('names');
    await page.getByRole('spinbutton', { name: 'Epochs' }).fill('30');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('table', { name: 'Test summary' })).toBeVisible({ timeout: 60_000 });

    const onnx = await saved(page, 'Export ONNX');
    const npz = await saved(page, 'Export .npz');

    await test.step('onnxruntime tells of every video what the page tells', async () => {
      await page.getByRole('button', { name: 'Apply to library' }).click();
      await page.getByRole('checkbox', { name: 'Also those that have the label' }).check();
      await expect(table.getByRole('row')).toHaveCount(25);
      const session = await InferenceSession.create(readFileSync(onnx));
      const labels = JSON.parse(String(readNpz(npz).labels?.values[0])) as string[];
      for (const [name, vector] of vectorsByName(file)) {
        const output = await session.run({ features: new Tensor('float32', vector, [1, vector.length]) });
        const told = Array.from(output.probabilities?.data as Float32Array);
        const best = told.indexOf(Math.max(...told));
        const row = table.getByRole('row', { name: new RegExp(name) });
        await expect(row.getByRole('combobox')).toHaveValue(labels[best] ?? '');
        const shown = Number.parseFloat((await row.getByRole('cell').nth(2).textContent()) ?? '');
        expect(Math.abs(shown - 100 * (told[best] ?? 0))).toBeLessThan(0.06);
      }
    });

    const choose = page.getByLabel('Head file');
    await test.step('both files come back as heads that suggest the same', async () => {
      const before = await table.textContent();
      for (const [count, path] of [onnx, npz].entries()) {
        await choose.setInputFiles(path);
        await expect(heads.getByRole('row')).toHaveCount(3 + count);
        await expect(page.getByText('not tested here')).toBeVisible();
        await page.getByRole('button', { name: 'Apply to library' }).click();
        await page.getByRole('checkbox', { name: 'Also those that have the label' }).check();
        await expect.poll(() => table.textContent()).toBe(before);
      }
    });

    await test.step('a head of another descriptor is kept, and said not to be applicable', async () => {
      const arrays = readFileSync(onnx).toString('latin1');
      const [key = ''] = /import:[0-9a-f]{32}/.exec(arrays) ?? [];
      expect(key).not.toBe('');
      const other = join(root, 'other.onnx');
      writeFileSync(other, Buffer.from(arrays.replaceAll(key, `import:${'0'.repeat(32)}`), 'latin1'));
      await choose.setInputFiles(other);
      await expect(page.getByText('Not applicable here: no video has vectors')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Apply to library' })).toBeDisabled();
      await expect(heads).toContainText('Not applicable here');
    });

    await test.step('what is no head says so, and changes nothing', async () => {
      const rows = await heads.getByRole('row').count();
      const cut = join(root, 'cut.npz');
      writeFileSync(cut, readFileSync(npz).subarray(0, 1500));
      for (const path of [cut, file]) {
        await choose.setInputFiles(path);
        await expect(page.getByRole('alert')).toContainText('The head was not imported');
        await expect(page.getByRole('alert')).toContainText('Nothing was changed');
      }
      await expect(heads.getByRole('row')).toHaveCount(rows);
      await expectAccessible(page, 'heads, one of them not applicable');
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScroll(page, 'heads, narrow');
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    await test.step('without training, labelled neighbours vote about the rest', async () => {
      await page.getByRole('button', { name: 'Open logistic on ResNet-50' }).last().click();
      await page.getByRole('button', { name: 'Apply to library' }).click();
      for (const label of ['Alpha', 'Beta', 'Gamma']) {
        for (const clip of ['g01_c01', 'g02_c01', 'g03_c01']) {
          await page.getByRole('combobox', { name: `Label of v_${label}_${clip}.avi` }).selectOption(label);
          await page.getByRole('button', { name: `Accept ${label} for v_${label}_${clip}.avi` }).click();
        }
      }
      await from.selectOption('library');
      await expect(page.getByRole('button', { name: 'Suggest by neighbours' })).toBeEnabled();
      await page.getByRole('spinbutton', { name: 'Voters' }).fill('3');
      await page.getByRole('button', { name: 'Suggest by neighbours' }).click();
      await expect(page.getByText('By 3 nearest labelled videos.')).toBeVisible();
      await expect(table.getByRole('row')).toHaveCount(16);
      const right = await Promise.all(
        ['Alpha', 'Beta', 'Gamma'].map(async (label) => {
          const choices = table.getByRole('row', { name: `v_${label}_` }).getByRole('combobox');
          const values = await choices.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
          return values.filter((value) => value === label).length;
        }),
      );
      expect(right.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(12);
      await page.getByRole('spinbutton', { name: 'At least, %' }).fill('0');
      await page.getByRole('button', { name: 'Accept 15 unlabelled videos' }).click();
      await expect(page.getByText('Every video that was asked about has the label')).toBeVisible();
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(table.getByRole('row')).toHaveCount(16);
    });
  });
});
