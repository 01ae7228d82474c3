import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import { generatedClips } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { tinyNetwork } from './fixtures/tiny-network';

/** Clips of 160 x 120 pixels and 15 frames a second, one after the other. */
function joinClips(path: string, clips: readonly string[]): string {
  const inputs = clips.flatMap((clip) => ['-i', clip]);
  const codec = path.endsWith('.avi') ? ['-c:v', 'mpeg4', '-q:v', '3'] : ['-c:v', 'libx264', '-preset', 'ultrafast'];
  const filter = `${clips.map((_, i) => `[${i}:v]`).join('')}concat=n=${clips.length}:v=1`;
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...inputs,
    '-filter_complex',
    filter,
    ...codec,
    '-pix_fmt',
    'yuv420p',
    path,
  ]);
  return path;
}

test.describe('shots', () => {
  test.skip(!hasFfmpeg, 'Clips are joined by native ffmpeg, which is not here.');
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-shots-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  const openShots = async (page: Page, name: string) => {
    await page.getByRole('link', { name: 'Library', exact: true }).click();
    const card = page.getByRole('list', { name: 'Library' }).getByRole('listitem').filter({ hasText: name });
    await card.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Shots' }).click();
    await expect(page.getByRole('heading', { name: `Shots of ${name}` })).toBeVisible();
  };

  test('a video is parted at its cuts, searched and labelled shot by shot, and printed', async ({ page, context }) => {
    await serveModel(context, tinyNetwork());
    await startWith(page, { extractorsOff: ['colour', 'wavelet-hash', 'yamnet', 'audio-statistics'] });
    const looks = ['Bars', 'Box', 'Fractal'];
    const [bars, box, fractal] = looks.map((look) => generatedClips(join(root, 'clips'), look, 3));
    const first = joinClips(join(root, 'film.mp4'), [bars?.[0], box?.[0], fractal?.[0]] as string[]);
    const second = joinClips(join(root, 'other.avi'), [box?.[1], bars?.[1]] as string[]);
    const videos = [first, second, ...(bars ?? []), ...(box ?? []), ...(fractal ?? [])];
    await openLibrary(page);
    await page.getByLabel('Add videos').setInputFiles(videos);
    await waitUntilIndexed(page, videos.length);

    const shots = page.getByRole('list', { name: 'Shots', exact: true }).getByRole('listitem');
    await test.step('parted where the clips were joined', async () => {
      await openShots(page, 'film.mp4');
      await page.getByRole('button', { name: 'Find shots', exact: true }).click();
      await expect(shots).toHaveCount(3, { timeout: 60_000 });
      for (const [i, span] of ['0:00.0–0:02.0', '0:02.0–0:04.0', '0:04.0–0:06.0'].entries()) {
        await expect(shots.nth(i)).toContainText(span);
      }
    });

    await test.step('the shots of the others are found, and the like of one named', async () => {
      await page.getByRole('button', { name: 'Find the shots of all videos' }).click();
      await expect(page.getByText(`The shots of ${videos.length} of ${videos.length} videos are known.`)).toBeVisible({
        timeout: 120_000,
      });
      const button = page.getByRole('button', { name: 'Find shots like shot 2' });
      await button.focus();
      await page.keyboard.press('Enter');
      const matches = page.getByRole('list', { name: 'Matching shots' }).getByRole('listitem');
      await expect(matches.first()).toBeVisible();
      const top = await matches.allTextContents();
      const boxes = top.slice(0, 4).filter((text) => /v_Box|other\.avishot 1,/.test(text));
      expect(boxes.length, top.slice(0, 4).join(' | ')).toBe(4);
      expect(top.find((text) => text.includes('other.avi'))).toContain('shot 1, 0:00.0–0:02.0');
      await expect(matches.first()).toContainText(/[01]\.\d{3}/);
      await expectAccessible(page, 'shots');
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScroll(page, 'shots, narrow');
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    await test.step('a contact sheet', async () => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Contact sheet' }).click();
      expect((await download).suggestedFilename()).toBe('film contact sheet.png');
      const png = readFileSync(await (await download).path());
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      // Two columns of 320 pixels, two rows.
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([688, 520]);
      await page.getByRole('checkbox', { name: 'Only those that sum it up' }).check();
      await page.getByRole('spinbutton', { name: 'At most' }).fill('2');
      await expect(shots).toHaveCount(2);
      await page.getByRole('checkbox', { name: 'Only those that sum it up' }).uncheck();
    });

    await test.step('a head labels each shot', async () => {
      await expect(page.getByRole('button', { name: 'Label shots' })).toBeDisabled();
      await page.getByRole('link', { name: 'Classify', exact: true }).click();
      await page.getByRole('combobox', { name: 'Split' }).selectOption('ratio');
      await page.getByRole('spinbutton', { name: 'Epochs' }).fill('40');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect(page.getByRole('table', { name: 'Test summary' })).toBeVisible({ timeout: 90_000 });
      await openShots(page, 'film.mp4');
      await page.getByRole('button', { name: 'Label shots' }).click();
      for (const [i, look] of looks.entries()) await expect(shots.nth(i)).toContainText(look);
    });

    await test.step('a shot searches videos; results lead to shots', async () => {
      await page.getByRole('button', { name: 'Search videos with shot 2' }).click();
      const best = page.getByRole('list', { name: 'Matches' }).getByRole('listitem').first();
      await expect(best).toContainText(/v_Box|other\.avi/, { timeout: 60_000 });
      await best.getByRole('link', { name: 'Shots' }).click();
      await expect(page.getByRole('heading', { name: /^Shots of/ })).toBeVisible();
    });
  });
});
