import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures/app';
import { expectAccessible } from './fixtures/axe';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary } from './fixtures/library-steps';
import { openSearch, rankAs, readMatches } from './fixtures/search-steps';

test('a library beyond the memory for search says so, and compactly it gives the same matches', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'search-memory-'));
  try {
    const path = join(folder, 'features.npz');
    // 480 vectors of 1024 values: 1.9 MB.
    await writeFeatures(path, { labels: ['Archery', 'Fencing', 'YoYo'], groups: 20, clips: 8, dimensions: 1024 });
    await openLibrary(page);
    const dialog = await importFeatures(page, path);
    await expect(dialog).toContainText('480');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Find similar' }).first().click();
    const heading = page.getByRole('region', { name: 'Query' }).getByRole('heading').first();
    await expect(heading).toHaveText(/\.avi$/);
    const name = (await heading.textContent()) ?? '';
    const improved = await readMatches(page, name);
    await rankAs(page, 'original');
    await expect.poll(() => readMatches(page, name)).not.toEqual(improved);
    const before = await readMatches(page, name);

    const settings = page.getByRole('link', { name: 'Settings', exact: true });
    await settings.click();
    const memory = page.getByLabel('Memory for search (MB)');
    await memory.fill('1');
    await openSearch(page);
    await page.getByRole('spinbutton', { name: 'Results' }).fill('6');
    const refused = page.getByRole('alert').filter({ hasText: 'The library could not be searched' });
    await expect(refused).toContainText('2 MB of 1 MB allowed');
    await expectAccessible(page, 'Search beyond the memory');

    await refused.getByRole('button', { name: 'Search compactly' }).click();
    await expect(refused).toBeHidden();
    const compact = await readMatches(page, name);
    expect(compact.slice(0, 5)).toEqual(before.slice(0, 5));

    await settings.click();
    await expect(page.getByRole('switch', { name: 'Search compactly what does not fit' })).toBeChecked();
    await memory.fill('');
    await page.getByRole('switch', { name: 'Search compactly what does not fit' }).uncheck();
    await openSearch(page);
    await page.getByRole('spinbutton', { name: 'Results' }).fill('5');
    // The list of six stays until the new one is there.
    await expect.poll(() => readMatches(page, name)).toEqual(before.slice(0, 5));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
