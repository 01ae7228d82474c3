import { copyFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import names from '../src/core/vocabularies/class-names.json' with { type: 'json' };
import { dropPaths, expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible } from './fixtures/axe';
import { ClipFolder, hasFfmpeg } from './fixtures/clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { openSearch } from './fixtures/search-steps';
import { sharedModels, sharedVideos, ucf101Clips } from './fixtures/shared-data';
import { tinyNetwork } from './fixtures/tiny-network';

test.skip(!hasFfmpeg, 'Clips are made by native ffmpeg, which is not here.');

let folder: ClipFolder;
test.beforeEach(() => {
  folder = new ClipFolder();
});
test.afterEach(() => folder.dispose());

const real = sharedModels !== undefined && sharedVideos !== undefined;

/** Clips under names that say nothing, some of each kind. */
function namelessClips(): string[] {
  if (!real) return ['red', 'green', 'bars'].flatMap((look) => looksOf(look as 'red'));
  const labels = ['ApplyLipstick', 'BalanceBeam', 'Archery'];
  return labels.flatMap((label, kind) =>
    ucf101Clips(label)
      .slice(8, 10)
      .map((clip, i) => {
        const path = folder.path(`${'abc'[kind]}${i}.avi`);
        copyFileSync(clip, path);
        return path;
      }),
  );
}

function looksOf(look: 'red' | 'green' | 'bars'): string[] {
  const letter = { red: 'a', green: 'b', bars: 'c' }[look];
  return [0, 1].map((i) => folder.clip(`${letter}${i}.mp4`, look, i));
}

type Seen = {
  readonly name: string;
  readonly recognised?: readonly { readonly class: number; readonly best: number }[];
};

/** What the library keeps of what was recognised, read past the app. */
async function readRecognised(page: Page): Promise<readonly Seen[]> {
  return page.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settle(indexedDB.open('reelmatch'));
    const rows = await settle<Seen[]>(database.transaction('videos').objectStore('videos').getAll());
    database.close();
    return rows.map(({ name, recognised }) => ({ name, ...(recognised && { recognised }) }));
  });
}

async function search(page: Page, words: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search by words' }).fill(words);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Query' }).getByRole('heading', { name: `“${words}”` })).toBeVisible();
}

test('words lead to what was recognised, and to the moment; titles and the filter know words too', async ({
  page,
  context,
}) => {
  if (!real) await serveModel(context, tinyNetwork({ output: 'vector-and-logits', scoreSpread: 20 }));
  await startWith(page, { extractorsOff: ['colour', 'wavelet-hash', 'yamnet', 'vggish', 'audio-statistics'] });
  await openLibrary(page);
  await dropPaths(page, namelessClips());
  expect(await waitUntilIndexed(page, 6)).toMatchObject({ indexed: 6, failed: 0 });

  const seen = await readRecognised(page);
  const first = seen.find(({ recognised }) => recognised !== undefined);
  const likely = [...(first?.recognised ?? [])].sort((a, b) => b.best - a.best)[0];
  expect(likely, 'something was recognised').toBeDefined();
  const [words, expected] = real
    ? (['cosmetics', /^a\d\.avi$/] as const)
    : ([names.imagenet[likely?.class ?? 0] ?? '', /^[abc]\d\.mp4$/] as const);

  await openSearch(page);
  await search(page, words);
  const matches = page.getByRole('list', { name: 'Matches' });
  const best = matches.locator(':scope > li').first();
  await expect(best.getByText(expected).first()).toBeVisible();
  await expect(best.getByRole('list', { name: 'Why it was found' })).toContainText(/0\.\d\d|1\.00/);
  await expect(best.getByRole('list', { name: 'Why it was found' })).toContainText(/seen at \d:\d\d/);
  await expect(best.getByText(/^[01]\.\d{3}$/)).toBeVisible();
  if (real) {
    await search(page, 'gymnastic apparatus');
    await expect(
      matches
        .locator(':scope > li')
        .first()
        .getByText(/^b\d\.avi$/)
        .first(),
    ).toBeVisible();
  }

  await best.getByRole('button', { name: 'Play' }).click();
  const player = page.getByRole('dialog').locator('video');
  await expect(player).toBeVisible({ timeout: 60_000 });
  const moments = page.getByRole('region', { name: 'Recognised, moment by moment' }).getByRole('button');
  await expect(moments.first()).toContainText(/\d:\d\d.* [01]\.\d\d$/);
  await player.evaluate((element: HTMLVideoElement) => element.pause());
  await moments.last().click();
  const start = Number(((await moments.last().textContent()) ?? '').match(/^\d+:(\d\d)/)?.[1]);
  const playedAt = await player.evaluate((element: HTMLVideoElement) => element.currentTime);
  expect(Math.floor(playedAt)).toBe(start);
  await expectAccessible(page, 'a video found by words');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await search(page, 'qwertz');
  await expect(page.getByText('Nothing answers to these words.', { exact: false })).toBeVisible();

  await openLibrary(page);
  const list = page.getByRole('list', { name: 'Library' });
  await list
    .getByRole('listitem')
    .first()
    .getByRole('button', { name: /details/i })
    .click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('list', { name: 'Recognised' })).toContainText(/[01]\.\d\d/);
  await expect(drawer.getByRole('region', { name: 'Recognised, moment by moment' })).toContainText(/[01]\.\d\d/);
  await drawer.getByRole('textbox', { name: 'Title' }).fill('Rehearsal of the quartet');
  await drawer.getByRole('textbox', { name: 'Title' }).blur();
  await page.keyboard.press('Escape');
  await openSearch(page);
  await search(page, 'quartets');
  await expect(matches.locator(':scope > li')).toHaveCount(1);
  await expect(matches.getByText('in its title', { exact: false })).toBeVisible();
  await expect(page).toHaveURL(/#\/search\?words=quartets$/);
  await page.reload();
  await expect(matches.getByText('in its title', { exact: false })).toBeVisible();

  if (real) {
    await page.goto('/#/library');
    await page.getByRole('textbox', { name: 'Filter' }).fill('tag:"balance beam"');
    await expect(list.getByRole('button', { name: /^b\d\.avi$/ })).not.toHaveCount(0);
    await expect(list.getByRole('button', { name: /^a\d\.avi$/ })).toHaveCount(0);
  }
});
