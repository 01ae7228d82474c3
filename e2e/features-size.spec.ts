import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures/app';
import { openLibrary } from './fixtures/library-steps';

const [examples, values, labels, hidden, epochs, batch] = [50_000, 1152, 4800, 1024, 4, 256];

test('learns at the size of YouTube-8M what numpy learns', async ({ page }) => {
  const python = process.env.NUMPY_PYTHON;
  test.skip(!process.env.TEST_FULL || !python, 'needs numpy and many minutes: npm run test:full');
  test.setTimeout(3_600_000);
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-size-'));
  try {
    const file = join(root, 'planted.npz');
    const script = join(import.meta.dirname, 'fixtures/planted_labels.py');
    const told = execFileSync(
      python ?? '',
      [script, file, ...[examples, values, labels, hidden, epochs, batch].map(String)],
      { encoding: 'utf8' },
    );
    const reference = JSON.parse(told) as { map: number; seconds: number; labels: number };
    await openLibrary(page);
    await page.getByRole('link', { name: 'Classify', exact: true }).click();
    await page.getByLabel('Features file').setInputFiles(file);
    const read = page.getByRole('region', { name: 'Features read' });
    await expect(read).toContainText('50,000', { timeout: 300_000 });
    await page.getByRole('combobox', { name: 'Head' }).selectOption('mlp');
    await page.getByRole('textbox', { name: 'Hidden sizes' }).fill(`${hidden}`);
    await page.getByRole('combobox', { name: 'Scaling' }).selectOption('standardise');
    await page.getByRole('spinbutton', { name: 'L2' }).fill('0');
    await page.getByRole('spinbutton', { name: 'Epochs' }).fill(`${epochs}`);
    await page.getByRole('spinbutton', { name: 'Batch' }).fill(`${batch}`);

    await test.step('cancelled within a second or so, and begun anew', async () => {
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect(page.getByText(/epoch 1 of at most 4, step \d+ of/)).toBeVisible({ timeout: 300_000 });
      await page.getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
    });

    const started = Date.now();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    const summary = page.getByRole('table', { name: 'Test summary' });
    await expect(summary).toBeVisible({ timeout: 3_000_000 });
    const seconds = (Date.now() - started) / 1000;
    const row = summary.getByRole('row', { name: 'mAP, over categories' });
    const map = Number(await row.getByRole('cell').first().textContent());
    const curves = page.getByRole('figure', { name: 'Training curves' });
    await curves.getByRole('button', { name: /numbers/ }).click();
    const rising = await curves.getByRole('row').allTextContents();
    console.log(
      `mAP ${map}, numpy ${reference.map.toFixed(3)} in ${reference.seconds.toFixed(0)} s; here ${seconds.toFixed(0)} s with the test`,
    );
    console.log(rising.join('\n'));
    expect(map).toBeGreaterThan(reference.map - 0.03);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
