import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import published from '../src/extractors/clip/model.json' with { type: 'json' };
import { dropPaths, expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible } from './fixtures/axe';
import { tinyTokenizer } from './fixtures/clip-tokenizer';
import { ClipFolder, hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { openSearch } from './fixtures/search-steps';
import { tinyNetwork } from './fixtures/tiny-network';
import { tinyPictures, tinyTexts } from './fixtures/tiny-senses';

test.skip(!hasFfmpeg, 'Clips are made by native ffmpeg, which is not here.');

const { tokenizer, tokens } = tinyTokenizer(['red', 'green', 'blue']);
/** Words mean colours as the networks see them; the end of a text, and so every other text, means black. */
const texts = tinyTexts({
  colours: new Map([
    [tokens.get('red') as number, [8, -12, -10]],
    [tokens.get('green') as number, [-12, 8, -10]],
    [tokens.get('blue') as number, [-12, -10, 10]],
    [49_407, [-0.02, -0.02, -0.02]],
  ]),
});
const files = {
  images: { card: 'CLIP', name: 'vision.onnx', content: tinyPictures() },
  texts: { card: 'CLIP for words', name: 'text.onnx', content: texts },
  tokenizer: { card: "CLIP's tokenizer", name: 'tokenizer.json', content: Buffer.from(JSON.stringify(tokenizer)) },
} as const;

const cardOf = (page: Page, card: string) => page.getByRole('region', { name: `Model of ${card}`, exact: true });

async function add(page: Page, card: string, name: string, content: Uint8Array): Promise<void> {
  const mimeType = 'application/octet-stream';
  await cardOf(page, card)
    .getByLabel('Add model file')
    .setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
}

async function searchWords(page: Page, words: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search by words' }).fill(words);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Query' }).getByRole('heading', { name: `“${words}”` })).toBeVisible();
}

test('free text and pictures lead to videos by CLIP, and to the frame that fits best', async ({ page, context }) => {
  const folder = new ClipFolder();
  const matches = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
  for (const { file } of Object.values(published)) await serveModel(context, undefined, file);
  await startWith(page, {
    extractorsOff: ['resnet50', 'colour', 'wavelet-hash', 'yamnet', 'vggish', 'audio-statistics'],
  });

  await test.step('its three files are offered, and others refused with words', async () => {
    await page.goto('/#/settings');
    for (const part of ['images', 'texts', 'tokenizer'] as const) {
      const card = cardOf(page, files[part].card);
      await expect(card.getByText('Missing')).toBeVisible();
      await expect(card.getByRole('textbox', { name: 'Download address' })).toHaveValue(published[part].url);
      await expect(card.getByRole('button', { name: 'Download' })).toBeEnabled();
    }
    const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ['CLIP', tinyNetwork(), /does not give the 512 features.*features \[N, 2048\]/],
      ['CLIP for words', tinyPictures(), /it takes pixel_values \[N, 3, 224, 224\], not tokens/],
      ["CLIP's tokenizer", Buffer.from('{"model": {}}'), /no tokenizer\.json with a vocabulary/],
    ];
    for (const [card, content, words] of wrong) {
      await add(page, card, 'wrong', content);
      await expect(cardOf(page, card).getByRole('alert')).toContainText(words);
    }
    await expectAccessible(page, 'settings with refused files');
    for (const { card, name, content } of Object.values(files)) {
      await add(page, card, name, content);
      await expect(cardOf(page, card).getByText('Ready')).toBeVisible();
    }
  });

  const two = ['0x10B010:d=2', '0xC01010:d=1'].map((source, i) => `color=c=${source}:s=96x72:r=12[${'ab'[i]}]`);
  await test.step('videos under names that say nothing are indexed', async () => {
    await openLibrary(page);
    await dropPaths(page, [
      folder.clip('b.mp4', 'red', 0),
      folder.clip('c.mp4', 'green', 0),
      folder.clip('d.mp4', 'blue', 0),
      makeClip(folder.path('a.mp4'), `${two.join(';')};[a][b]concat`, 3),
    ]);
    expect(await waitUntilIndexed(page, 4)).toMatchObject({ indexed: 4, failed: 0 });
  });

  await test.step('words', async () => {
    await openSearch(page);
    await searchWords(page, 'red');
    await expect(matches).toHaveCount(4);
    await expect(matches.nth(0)).toContainText('b.mp4');
    await expect(matches.nth(0).getByRole('list', { name: 'Why it was found' })).toHaveText(
      /^CLIP (1\.00|0\.99), best at 0:00$/,
    );
    await expect(matches.nth(1)).toContainText('a.mp4');
    await expect(matches.nth(1)).toContainText('best at 0:02');
    await expect(matches.nth(1).getByRole('img', { name: 'Frame at 0:02' })).toBeVisible();
    await expectAccessible(page, 'matches of words');
    await searchWords(page, 'blue');
    await expect(matches.nth(0)).toContainText('d.mp4');
  });

  await test.step('a picture of each format', async () => {
    for (const [ending, colour, expected] of [
      ['png', '0xC01410', 'b.mp4'],
      ['jpg', '0x10B018', 'c.mp4'],
      ['webp', '0x1820C8', 'd.mp4'],
    ] as const) {
      const still = folder.path(`still.${ending}`);
      const input = ['-f', 'lavfi', '-i', `color=c=${colour}:s=120x90`];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, '-frames:v', '1', still]);
      await dropPaths(page, [still]);
      await expect(
        page.getByRole('region', { name: 'Query' }).getByRole('img', { name: `still.${ending}` }),
      ).toBeVisible();
      await expect(matches.nth(0)).toContainText(expected);
    }
  });

  await test.step('a title and a meaning are told apart', async () => {
    await openLibrary(page);
    const item = page.getByRole('list', { name: 'Library' }).getByRole('listitem').filter({ hasText: 'c.mp4' });
    await item.getByRole('button', { name: /details/i }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('Red Riding Hood');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).blur();
    await page.keyboard.press('Escape');
    await openSearch(page);
    await searchWords(page, 'red');
    const green = matches.filter({ hasText: 'c.mp4' }).getByRole('list', { name: 'Why it was found' });
    await expect(green.getByRole('listitem')).toHaveText([/^CLIP 0\.00, best at/, '“red” in its title']);
  });

  await test.step('without its tokenizer, the words are looked for all the same', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await cardOf(page, "CLIP's tokenizer").getByRole('button', { name: 'Remove' }).click();
    await expect(cardOf(page, "CLIP's tokenizer").getByText('Missing')).toBeVisible();
    await openSearch(page);
    await searchWords(page, 'riding');
    await expect(page.getByRole('region', { name: 'Query' })).toContainText('CLIP did not read the text');
    await expect(matches).toHaveCount(1);
    await expect(matches).toContainText('in its title');
  });
  folder.dispose();
});
