import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { openSearch, rankAs, readMatches, searchWith } from './fixtures/search-steps';

test.skip(!hasFfmpeg, 'Clips are made by native ffmpeg, which is not here.');

const root = mkdtempSync(join(tmpdir(), 'reelmatch-examples-'));
test.afterAll(() => rmSync(root, { recursive: true, force: true }));

const shades = { red: ['0xd02020', '0xe03028'], blue: ['0x2030c8', '0x2838e0'], green: ['0x20b030', '0x30c840'] };
const plain = (name: string, shade: string) => makeClip(join(root, name), `color=c=${shade}:s=160x120:r=15`, 3);

/** Three seconds of red, then three of blue. */
function redThenBlue(): string {
  const path = join(root, 'both.mp4');
  const inputs = ['0xd82824', '0x2434d4'].flatMap((shade) => [
    '-f',
    'lavfi',
    '-i',
    `color=c=${shade}:s=160x120:r=15:d=3`,
  ]);
  const joined = ['-filter_complex', '[0:v][1:v]concat=n=2:v=1[v]', '-map', '[v]', '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...joined, path]);
  return path;
}

const colours = (matches: readonly { readonly name: string }[]) => matches.map(({ name }) => name.replace(/-.*/, ''));

/** Moves one end of the chosen part by so many tenths of a second, by keyboard. */
async function movePart(page: Page, end: 'from' | 'to', tenths: number): Promise<void> {
  await page.getByRole('slider', { name: `Part ${end}, seconds` }).focus();
  for (let i = 0; i < Math.abs(tenths); i++) await page.keyboard.press(tenths > 0 ? 'ArrowRight' : 'ArrowLeft');
}

test('searched by a part of a clip, by several examples, and by what was watched', async ({ page, context }) => {
  for (const file of ['resnet50.onnx', 'yamnet.onnx']) await serveModel(context, undefined, file);
  const clips = Object.entries(shades).flatMap(([name, both]) =>
    both.map((shade, i) => plain(`${name}-${i + 1}.mp4`, shade)),
  );
  await startWith(page, {
    extractorsOff: [
      'resnet50',
      'mobilenetv2',
      'clip',
      'wavelet-hash',
      'yamnet',
      'vggish',
      'audio-statistics',
      'motion',
    ],
  });
  await openLibrary(page);
  await page.getByLabel('Add videos').setInputFiles(clips);
  await waitUntilIndexed(page, clips.length);
  await openSearch(page);
  await rankAs(page, 'original');

  await test.step('a part of a clip', async () => {
    await searchWith(page, redThenBlue());
    const part = page.getByRole('group', { name: 'Part of the clip' });
    await movePart(page, 'from', 33);
    await part.getByRole('button', { name: 'Search with this part' }).click();
    await expect(part.getByRole('status')).toContainText('Searched with 0:03.3 to 0:06.0');
    await expect.poll(async () => colours(await readMatches(page, 'both.mp4')).slice(0, 2)).toEqual(['blue', 'blue']);
    await part.getByRole('button', { name: 'Whole clip' }).click();
    await movePart(page, 'to', -33);
    await part.getByRole('button', { name: 'Search with this part' }).click();
    await expect.poll(async () => colours(await readMatches(page, 'both.mp4')).slice(0, 2)).toEqual(['red', 'red']);
    await expectAccessible(page, 'Search by a part');
    await part.getByRole('button', { name: 'Whole clip' }).click();
  });

  await test.step('less like one match, then more like it, undone', async () => {
    const first = page.getByRole('list', { name: 'Matches' }).locator(':scope > li').filter({ hasText: 'red-1.mp4' });
    await first.getByRole('button', { name: 'Less like this' }).click();
    const examples = page.getByRole('region', { name: 'Examples' });
    const top = async () => colours(await readMatches(page, 'both.mp4'));
    await expect.poll(async () => (await top()).slice(0, 2)).toEqual(['blue', 'blue']);
    expect((await readMatches(page, 'both.mp4')).map(({ name }) => name)).not.toContain('red-1.mp4');
    await examples.getByRole('button', { name: 'Less like red-1.mp4: change to more' }).click();
    await expect.poll(async () => (await top())[0]).toBe('red');
    await expectAccessible(page, 'Search by examples');
    await examples.getByRole('button', { name: 'Remove the example red-1.mp4' }).click();
    await expect(examples.getByRole('listitem')).not.toHaveCount(2);
    await examples.getByRole('button', { name: 'Undo' }).click();
    await expect(examples.getByRole('button', { name: 'More like red-1.mp4: change to less' })).toBeVisible();
  });

  await test.step('several files at once', async () => {
    const files = [plain('ask-1.mp4', '0xd42420'), plain('ask-2.mp4', '0x2232d0')];
    await page.getByLabel('Query video').setInputFiles(files);
    const matches = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
    await expect(page.getByRole('region', { name: 'Examples' }).getByRole('listitem')).toHaveCount(2);
    await expect.poll(async () => (await matches.allTextContents()).length).toBeGreaterThan(3);
    const four = async () => (await matches.allTextContents()).slice(0, 4).join(' ');
    await expect.poll(four).not.toContain('green');
  });

  await test.step('more like what was watched, which can be forgotten', async () => {
    await searchWith(page, clips[4] ?? '');
    const match = page.getByRole('list', { name: 'Matches' }).locator(':scope > li').filter({ hasText: 'green-2.mp4' });
    await match.getByRole('button', { name: 'Play' }).click();
    const player = page.getByRole('dialog', { name: 'Match beside the query' });
    await expect
      .poll(() =>
        player.locator('video').evaluateAll((all) => Math.min(...all.map((v) => (v as HTMLVideoElement).currentTime))),
      )
      .toBeGreaterThan(1.5);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More like what I watched' }).first().click();
    await expect(page.getByRole('region', { name: 'Query' })).toContainText('What I watched');
    const watched = page.getByRole('region', { name: 'Examples' });
    await expect(watched).toContainText('green-2.mp4');
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: /Forget/ }).click();
    await openSearch(page);
    await expect(page.getByRole('button', { name: 'More like what I watched' })).toHaveCount(0);
  });
});
