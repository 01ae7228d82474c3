import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/app';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary } from './fixtures/library-steps';
import { findSimilar, readMatches } from './fixtures/search-steps';

/** Sizes of the files that vectors are packed into. */
const packs = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('reelmatch-packs', {
      create: true,
    });
    const sizes: number[] = [];
    for await (const file of folder.values()) {
      // Files come and go meanwhile.
      const size = (file as FileSystemFileHandle).getFile().then((found) => found.size);
      sizes.push(await size.catch(() => 0));
    }
    return sizes;
  });

async function search(page: Page) {
  await page.goto('/#/library');
  await openLibrary(page);
  await findSimilar(page, 'v_Archery_g03_c05.avi');
  return readMatches(page, 'v_Archery_g03_c05.avi');
}

test('vectors are packed into files, and found again where those are lost or damaged', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'packs-'));
  try {
    const path = join(folder, 'features.npz');
    // 1,120 vectors: two packs of 512 and some beside them.
    await writeFeatures(path, { labels: ['Archery', 'Fencing'], groups: 70, clips: 8, dimensions: 2048 });
    await openLibrary(page);
    await expect(await importFeatures(page, path)).toContainText('1,120');
    await page.keyboard.press('Escape');
    const size = 512 * 2048 * 4;
    expect(await packs(page)).toEqual([size, size]);
    const before = await search(page);
    expect(await packs(page)).toEqual([size, size]);
    await page.reload();
    expect(await search(page)).toEqual(before);

    // One file is gone, the other cut short, as by a disk that failed.
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const files = await root.getDirectoryHandle('reelmatch-packs');
      const names: string[] = [];
      for await (const name of files.keys()) names.push(name);
      const [first = '', second = ''] = names;
      await files.removeEntry(first);
      const writing = await (await files.getFileHandle(second)).createWritable();
      await writing.write('no vectors');
      await writing.close();
    });
    await page.reload();
    expect(await search(page)).toEqual(before);
    await expect.poll(() => packs(page)).toEqual([size, size]);
    await page.reload();
    expect(await search(page)).toEqual(before);

    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Clear library' }).click();
    await page.getByRole('button', { name: 'Clear for good' }).click();
    await expect.poll(() => packs(page)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
