import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures/app';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary } from './fixtures/library-steps';

test.skip(!process.env.TEST_FULL, 'some minutes: npm run test:full');

test('a map of 10,000 points is drawn, and moved and zoomed', async ({ page }) => {
  test.setTimeout(900_000);
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-map-'));
  try {
    const path = join(root, 'features.npz');
    const labels = Array.from({ length: 25 }, (_, i) => `Class${i}`);
    await writeFeatures(path, { labels, groups: 50, clips: 8, dimensions: 32 });
    await openLibrary(page);
    await expect(await importFeatures(page, path)).toContainText('10,000', { timeout: 120_000 });
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Map', exact: true }).click();
    const figure = page.getByRole('figure', { name: 'Map' });
    for (const [method, name] of [
      ['pca', 'PCA'],
      ['umap', 'UMAP'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Projection' }).selectOption(method);
      const started = Date.now();
      await page.getByRole('button', { name: 'Draw map' }).click();
      await expect(figure).toContainText(new RegExp(`${name} of .*10,000 videos`), { timeout: 600_000 });
      console.log(`${name} of 10,000 videos: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }

    const box = (await figure.locator('canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.evaluate(() => {
      const frames: number[] = [];
      Object.assign(window, { frameTimes: frames });
      const note = (time: number) => {
        frames.push(time);
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    });
    const before = await figure.locator('canvas').screenshot();
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let i = 1; i <= 60; i++) await page.mouse.move(x + 2 * i, y + i);
    await page.mouse.up();
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, i < 10 ? -120 : 120);
    const gaps = await page.evaluate(() => {
      const frames = Reflect.get(window, 'frameTimes') as number[];
      return frames.slice(1).map((time, i) => time - (frames[i] as number));
    });
    gaps.sort((a, b) => a - b);
    const at = (share: number) => (gaps[Math.floor(share * (gaps.length - 1))] as number).toFixed(0);
    console.log(`Between frames while moved and zoomed: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(1)} ms`);
    expect((await figure.locator('canvas').screenshot()).equals(before)).toBe(false);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
