import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rendererMegabytes } from '../scripts/renderer-memory';
import { expect, expectCleanGuard, guardContext, test } from './fixtures/app';
import { openLibrary } from './fixtures/library-steps';

const gigabytes = 2;
const [values, classes] = [1152, 5];

/** A CSV of `gigabytes`, written piece by piece: each row lies at the corner of its class, and is noise beyond it. */
function writeLargeCsv(path: string): number {
  const file = openSync(path, 'w');
  const header = ['id', 'labels', ...Array.from({ length: values }, (_, i) => `v${i}`)];
  let written = writeSync(file, `${header.join(',')}\n`);
  let rows = 0;
  const noise = Array.from({ length: 64 }, (_, i) =>
    Array.from({ length: values }, (_, d) => ((((i * 7919 + d * 104_729) % 1000) - 500) / 1000).toFixed(3)).join(','),
  );
  while (written < gigabytes * 1e9) {
    const piece: string[] = [];
    for (let i = 0; i < 512; i++, rows++) {
      const label = rows % classes;
      const corner = Array.from({ length: classes }, (_, d) => (d === label ? 3 : 0)).join(',');
      const rest = (noise[(rows * 31) % noise.length] as string).split(',').slice(classes).join(',');
      piece.push(`video${rows},class${label},${corner},${rest}`);
    }
    written += writeSync(file, `${piece.join('\n')}\n`);
  }
  closeSync(file);
  return rows;
}

test('a file of 2 GB is read and learnt from in less memory than that', async ({ playwright }, { project }) => {
  test.skip(!process.env.TEST_FULL, 'many minutes: npm run test:full');
  test.setTimeout(3_600_000);
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-large-'));
  const profile = join(root, 'profile');
  const { launchOptions, baseURL } = project.use;
  // Without a profile on disk, private storage is memory too.
  const context = await playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(baseURL && { baseURL }),
  });
  let most = 0;
  const watching = setInterval(() => {
    most = Math.max(most, rendererMegabytes(profile));
  }, 500);
  try {
    const guard = await guardContext(context);
    const file = join(root, 'large.csv');
    const rows = writeLargeCsv(file);
    const page = await context.newPage();
    await openLibrary(page);
    await page.getByRole('link', { name: 'Classify', exact: true }).click();
    const began = Date.now();
    await page.getByLabel('Features file').setInputFiles(file);
    await expect(page.getByText(/^Reading large\.csv: [1-9]/)).toBeVisible({ timeout: 300_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText(/^Paused\. Reading large\.csv/)).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
    const read = page.getByRole('region', { name: 'Features read' });
    await expect(read).toContainText(rows.toLocaleString('en'), { timeout: 1_800_000 });
    const reading = (Date.now() - began) / 1000;
    await page.getByRole('combobox', { name: 'Head' }).selectOption('logistic');
    await page.getByRole('spinbutton', { name: 'Epochs' }).fill('1');
    await page.getByRole('spinbutton', { name: 'Batch' }).fill('1024');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    const summary = page.getByRole('table', { name: 'Test summary' });
    await expect(summary).toBeVisible({ timeout: 1_800_000 });
    const accuracy = summary.getByRole('row', { name: 'Accuracy' }).getByRole('cell').first();
    const seconds = (Date.now() - began) / 1000;
    console.log(
      `${rows} rows: read in ${reading.toFixed(0)} s, trained and tested after ${seconds.toFixed(0)} s, renderer ${most.toFixed(0)} MB at most, accuracy ${await accuracy.textContent()}`,
    );
    expect(Number(await accuracy.textContent())).toBeGreaterThan(0.95);
    if (most > 0) expect(most).toBeLessThan(1000 * gigabytes);
    expectCleanGuard(guard);
  } finally {
    clearInterval(watching);
    await context.close();
    rmSync(root, { recursive: true, force: true });
  }
});
