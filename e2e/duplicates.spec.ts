import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, libraryCounts, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { sharedVideos, ucf101Clips } from './fixtures/shared-data';

test.skip(!hasFfmpeg, 'Clips and their edits are made by native ffmpeg, which is not here.');

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
/** What is done to a clip, by the name of the edit's file. */
const edits: Readonly<Record<string, readonly string[]>> = {
  'half.mp4': ['-vf', 'scale=160:120', ...h264],
  'coded.webm': ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '150k'],
  'mirrored.mp4': ['-vf', 'hflip', ...h264],
  'middle.mp4': ['-vf', 'crop=iw*0.8:ih*0.8', ...h264],
  'boxed.mp4': ['-vf', 'pad=iw:ih*1.4:0:(oh-ih)/2', ...h264],
  'part.mp4': ['-ss', '2', '-t', '4', ...h264],
};
const sources: Readonly<Record<string, string>> = {
  automaton: 'cellauto=s=80x60:r=25:rule=110:seed=4:ratio=0.5:scroll=1:full=1,scale=320:240:flags=neighbor',
  life: 'life=s=40x30:r=8:mold=10:ratio=0.3:seed=11:death_color=0x204020:life_color=0x60ff60:mold_color=0x103010,scale=320:240:flags=neighbor,fps=25',
  pattern: 'testsrc2=s=320x240:r=25',
};

let root: string;
test.beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'reelmatch-duplicates-'));
});
test.afterAll(() => rmSync(root, { recursive: true, force: true }));
test.beforeEach(({ context }) => serveModel(context, undefined));

function source(name: string): string {
  return makeClip(join(root, `${name}.mp4`), sources[name] ?? '', 8);
}

function edited(name: string, edit: string): string {
  const path = join(root, `${name}-${edit}`);
  if (!existsSync(path)) {
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', source(name), ...(edits[edit] ?? []), path]);
  }
  return path;
}

const groups = (page: Page) => page.getByRole('list', { name: 'Duplicate groups' }).locator('> li');
const summary = (page: Page) => page.getByRole('status', { name: 'Duplicates summary' });
const cards = (group: Locator) => group.getByRole('list').getByRole('listitem');

const others = ['resnet50', 'colour', 'yamnet', 'audio-statistics'];

async function index(page: Page, files: readonly string[], extractorsOff: readonly string[] = others): Promise<void> {
  await startWith(page, { extractorsOff });
  await openLibrary(page);
  await page.getByLabel('Add videos').setInputFiles([...files]);
  await waitUntilIndexed(page, files.length);
}

async function openDuplicates(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await expect(summary(page)).toBeVisible();
}

/** Names of the videos of each group, in the order of the page. */
async function shownGroups(page: Page): Promise<string[][]> {
  const shown: string[][] = [];
  for (const group of await groups(page).all()) {
    const buttons = group.getByRole('button', { name: /^Select / });
    shown.push(
      (await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))).map((name) =>
        name.slice(7),
      ),
    );
  }
  return shown;
}

test('an empty library says what to do', async ({ page }) => {
  await page.goto('/#/duplicates');
  await expect(page.getByRole('heading', { name: 'Your library is empty' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the library' }).click();
  await expect(page.getByRole('status', { name: 'Library summary' })).toBeVisible();
});

test('edits are found with their source and with what was done to them, and nothing else', async ({ page }) => {
  const all = Object.keys(edits).map((edit) => edited('pattern', edit));
  await index(page, [source('pattern'), ...all, source('life'), edited('life', 'half.mp4'), source('automaton')]);
  await openDuplicates(page);
  await expect(summary(page)).toContainText('2 groups among 10 videos');
  const shown = (await shownGroups(page)).map((names) => [...names].sort());
  const names = (name: string, of: readonly string[]) => [`${name}.mp4`, ...of.map((edit) => `${name}-${edit}`)].sort();
  expect(shown).toEqual(expect.arrayContaining([names('pattern', Object.keys(edits)), names('life', ['half.mp4'])]));

  const group = groups(page).filter({ hasText: 'pattern' });
  await expect(group.getByRole('heading')).toHaveText(/Same pictures, other size and codec; cut.* and mirrored/);
  await expect(cards(group).filter({ hasText: 'mirrored.mp4' })).toContainText('mirrored');
  await expect(cards(group).filter({ hasText: 'middle.mp4' })).toContainText('cropped');
  const part = cards(group).filter({ hasText: 'part.mp4' });
  await expect(part).toContainText(/0:0[12]–0:0[56] of/);
  await expect(part).toContainText('h264 in mp4');
  await expect(cards(group).filter({ hasText: 'coded.webm' })).toContainText('vp9 in webm');
  await expectAccessible(page, 'Duplicates, populated');

  await test.step('a copy plays beside the original, from where it lies', async () => {
    await part.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Copy beside the original' });
    await expect(
      dialog.getByText(/Position 0 is the matched moment: 0:0[12]\.\d in the original, 0:00\.\d in the copy/),
    ).toBeVisible();
    await expect
      .poll(() =>
        dialog
          .locator('video')
          .evaluateAll((all) => all.filter((one) => (one as HTMLVideoElement).currentTime > 0.1).length),
      )
      .toBe(2);
    await expectAccessible(page, 'Duplicates, comparing');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('no sideways scroll in a narrow window', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(page, 'Duplicates, narrow');
    await expectAccessible(page, 'Duplicates, narrow');
  });
});

test('films, of which fewer frames are looked at, are found in other sizes and codecs', async ({ page }) => {
  const minutes = 31;
  const film = (name: string, of: string) => makeClip(join(root, `${name}.mp4`), of, 60 * minutes);
  const life = film('film', 'life=s=40x30:r=1:mold=10:ratio=0.3:seed=5:life_color=0x60ff60:mold_color=0x103010');
  const other = film('other', 'cellauto=s=40x30:r=1:rule=110:seed=4:ratio=0.5:scroll=1:full=1');
  const copy = join(root, 'film-copy.webm');
  const coded = ['-vf', 'scale=80:60', '-g', '7', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', life, ...coded, copy]);
  await index(page, [life, copy, other]);
  await openDuplicates(page);
  await expect(summary(page)).toContainText('1 group among 3 videos');
  expect((await shownGroups(page))[0]?.toSorted()).toEqual(['film-copy.webm', 'film.mp4']);
});

test('copies are deleted and brought back, by keyboard alone', async ({ page }) => {
  await index(page, [source('life'), edited('life', 'half.mp4'), edited('life', 'coded.webm'), source('pattern')]);
  await openDuplicates(page);
  expect((await shownGroups(page)).map(([best]) => best)).toHaveLength(1);
  const press = async (name: string | RegExp) => {
    await page.getByRole('button', { name }).first().focus();
    await page.keyboard.press('Enter');
  };
  await press('Select copies');
  await press('Delete 2 selected');
  await expect(page.getByRole('heading', { name: 'No duplicates' })).toBeVisible();
  await press('Undo');
  await expect(groups(page)).toHaveCount(1);
  expect((await shownGroups(page))[0]).toHaveLength(3);

  await press('Keep only life-half.mp4');
  await expect(groups(page)).toHaveCount(0);
  await openLibrary(page);
  expect(await libraryCounts(page)).toMatchObject({ videos: 2 });
  await expect(
    page.getByRole('list', { name: 'Library' }).getByRole('listitem').filter({ hasText: 'life-half' }),
  ).toHaveCount(1);
});

test('"Not a match" is remembered over a reload, and can be forgotten', async ({ page }) => {
  await index(page, [source('life'), edited('life', 'half.mp4'), edited('life', 'coded.webm')]);
  await openDuplicates(page);
  expect((await shownGroups(page))[0]).toHaveLength(3);
  await page.getByRole('button', { name: 'Not a match: life-half.mp4' }).click();
  await expect.poll(async () => (await shownGroups(page))[0]?.sort()).toEqual(['life-coded.webm', 'life.mp4']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await shownGroups(page))[0]?.length).toBe(3);

  await page.getByRole('button', { name: 'Not a match: life-half.mp4' }).click();
  await expect(page.getByText('2 pairs are marked as no match.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('2 pairs are marked as no match.')).toBeVisible();
  expect((await shownGroups(page))[0]).toHaveLength(2);
  await page.getByRole('button', { name: 'Forget these marks' }).click();
  await expect.poll(async () => (await shownGroups(page))[0]?.length).toBe(3);
  await expect(page.getByText('are marked as no match')).toHaveCount(0);
  await page.getByRole('alert').filter({ hasText: 'no longer marked' }).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('2 pairs are marked as no match.')).toBeVisible();
  await expect.poll(async () => (await shownGroups(page))[0]?.length).toBe(2);
});

test('videos indexed without hashes are read once more when asked for', async ({ page }) => {
  await index(page, [source('life'), edited('life', 'half.mp4')], ['resnet50', 'yamnet', 'wavelet-hash']);
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await expect(page.getByRole('alert')).toContainText('2 videos are not compared yet');
  await expectAccessible(page, 'Duplicates, not described');
  await page.getByRole('button', { name: 'Read them now' }).click();
  await expect(groups(page)).toHaveCount(1, { timeout: 60_000 });
});

test.describe('on real clips', () => {
  test.skip(!sharedVideos, 'The real clips are not beside the checkout.');
  test.setTimeout(500_000);

  test('edits of clips are found among others', async ({ page }) => {
    const folder = join(sharedVideos ?? '', 'near-duplicates');
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    const sources = readdirSync(folder);
    const edits = sources.flatMap((clip) => readdirSync(join(folder, clip)).map((file) => join(folder, clip, file)));
    // The sources lie among UCF101's clips too.
    const unrelated = ['BabyCrawling', 'Basketball'].flatMap((label) => [...ucf101Clips(label)]);
    await index(page, [...edits, ...unrelated]);
    await openDuplicates(page);
    const shown = await shownGroups(page);
    // Two takes of one scene that hardly moves may pass for one another; other recordings may not.
    const sourceOf = (name: string) => /^v_[A-Za-z]+_g\d+/.exec(name)?.[0] ?? '';
    const mixed = shown.filter((names) => new Set(names.map(sourceOf)).size > 1);
    const kinds = new Map<string, number>();
    for (const names of shown.filter((all) => all.some((name) => name.includes('__orig')))) {
      for (const name of names) kinds.set(name.split('__')[1] ?? '', (kinds.get(name.split('__')[1] ?? '') ?? 0) + 1);
    }
    console.log(
      `Found with their source, of ${sources.length} each: ${JSON.stringify(Object.fromEntries(kinds))}; groups of several sources: ${mixed.length}`,
    );
    expect(mixed).toEqual([]);
    expect([...kinds.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(
      Math.floor(0.92 * edits.length),
    );
  });
});
