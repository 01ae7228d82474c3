import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary, startWith } from './fixtures/library-steps';
import { makeSound } from './fixtures/native-sound';
import { sharedVideos } from './fixtures/shared-data';

const labels = ['Alpha', 'Beta', 'Gamma'];

async function openMap(page: Page, file: string): Promise<void> {
  await openLibrary(page);
  await expect(await importFeatures(page, file)).toContainText('vectors imported');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Map', exact: true }).click();
}

async function drawn(page: Page, summary: string): Promise<void> {
  await page.getByRole('button', { name: 'Draw map' }).click();
  await expect(page.getByRole('figure', { name: 'Map' })).toContainText(summary, { timeout: 120_000 });
  await expect(page.getByRole('button', { name: 'Draw map' })).toBeEnabled({ timeout: 120_000 });
}

/** Coordinates of the map as it is exported. */
async function coordinates(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Map: save CSV' }).click();
  return readFileSync(await (await download).path(), 'utf8');
}

test.describe('map', () => {
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-map-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('draws the library, selects by lasso, legend and list, labels, trains on and searches by what is selected', async ({
    page,
  }) => {
    const file = join(root, 'features.npz');
    await writeFeatures(file, { labels, groups: 4, clips: 3, extractor: 'resnet50' });
    await openMap(page, file);
    const figure = page.getByRole('figure', { name: 'Map' });
    const selection = page.getByRole('list', { name: 'Selection' });
    const points = page.getByRole('list', { name: 'Points' });

    await test.step('the same seed gives the same map, and the map is there after a reload', async () => {
      await drawn(page, 'UMAP of ResNet-50: 36 videos, seed 1');
      const first = await coordinates(page);
      expect(first.trim().split('\n')).toHaveLength(37);
      await page.getByRole('combobox', { name: 'Projection' }).selectOption('pca');
      await drawn(page, 'PCA of ResNet-50: 36 videos, seed 1');
      await page.getByRole('combobox', { name: 'Projection' }).selectOption('umap');
      await drawn(page, 'UMAP of ResNet-50: 36 videos, seed 1');
      expect(await coordinates(page)).toBe(first);
      await page.reload();
      await expect(figure).toContainText('UMAP of ResNet-50: 36 videos, seed 1');
      expect(await coordinates(page)).toBe(first);
    });

    await test.step('by mouse: a lasso around everything, then nothing', async () => {
      await page.getByText('Lasso', { exact: true }).click();
      const box = (await figure.locator('canvas').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
      await page.mouse.move(...at(0.01, 0.01));
      await page.mouse.down();
      for (const corner of [at(0.99, 0.01), at(0.99, 0.99), at(0.01, 0.99), at(0.01, 0.05)]) {
        await page.mouse.move(...corner, { steps: 3 });
      }
      await page.mouse.up();
      await expect(selection.getByRole('listitem')).toHaveCount(36);
      await page.getByRole('button', { name: 'Clear', exact: true }).click();
      await expect(selection.getByRole('listitem')).toHaveCount(0);
      await page.getByText('Move', { exact: true }).click();
    });

    await test.step('by keyboard: the list leads to every point; labels are set and undone', async () => {
      await page.getByRole('textbox', { name: 'Filter' }).fill('Alpha');
      await expect(points.getByRole('listitem')).toHaveCount(12);
      await points.getByRole('button').first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await expect(selection.getByRole('listitem')).toHaveCount(2);
      await page.getByRole('combobox', { name: 'Label', exact: true }).fill('First');
      await page.keyboard.press('Enter');
      await expect(selection).toContainText('First');
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(selection).not.toContainText('First');
      for (const label of labels) {
        await page.getByRole('textbox', { name: 'Filter' }).fill(label);
        await page.getByRole('button', { name: 'Select all listed' }).click();
        await expect(selection.getByRole('listitem')).toHaveCount(12);
        await page.getByRole('combobox', { name: 'Label', exact: true }).fill(label);
        await page.getByRole('button', { name: 'Set label' }).click();
        await expect(selection).not.toContainText('no label');
      }
      await page.getByRole('textbox', { name: 'Filter' }).fill('');
    });

    await test.step('the legend filters', async () => {
      const legend = page.getByRole('list', { name: 'Legend' });
      await legend.getByRole('button', { name: 'Alpha 12' }).click();
      await expect(page.getByRole('region', { name: 'Videos on the map' })).toContainText('24 videos');
      await legend.getByRole('button', { name: 'Show all' }).click();
      await page.getByRole('combobox', { name: 'Colour by' }).selectOption('cluster');
      await page.getByRole('spinbutton', { name: 'Clusters' }).fill('3');
      await expect(legend.getByRole('button')).toHaveCount(3);
      await page.getByRole('combobox', { name: 'Colour by' }).selectOption('label');
    });

    await test.step('what is unlike Alpha', async () => {
      await page.getByRole('combobox', { name: 'Normal videos' }).selectOption('label Alpha');
      await page.getByRole('button', { name: 'Find what is unusual' }).click();
      const unusual = page.getByRole('table', { name: 'Unusual videos' });
      await expect(unusual.getByRole('row')).toHaveCount(25);
      await expect(unusual.getByRole('row').nth(1)).toContainText('100.0 %');
    });

    await test.step('accessible, wide and narrow', async () => {
      await expectAccessible(page, 'a map with a selection');
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScroll(page, 'the map, narrow');
      await page.setViewportSize({ width: 1280, height: 720 });
    });

    await test.step('Enter opens a video; what is selected is searched by and trained on', async () => {
      await points.getByRole('button').first().focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toContainText('Find similar');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Train on these' }).click();
      await expect(page.getByText('Only the 12 videos chosen on the map')).toBeVisible();
      await page.getByRole('button', { name: 'Use all' }).click();
      await page.getByRole('link', { name: 'Map', exact: true }).click();
      await page.getByRole('textbox', { name: 'Filter' }).fill('Beta');
      await page.getByRole('button', { name: 'Select all listed' }).click();
      await page.getByRole('button', { name: 'Search by these' }).click();
      await expect(page.getByRole('list', { name: 'Matches' }).getByRole('listitem')).not.toHaveCount(0);
    });
  });

  test('trains an autoencoder, tells what lies near, and compares the plane with the vectors', async ({ page }) => {
    const file = join(root, 'latent.npz');
    await writeFeatures(file, { labels, groups: 4, clips: 3, extractor: 'clip', dimensions: 24 });
    await openMap(page, file);
    await page.getByRole('combobox', { name: 'Projection' }).selectOption('pca');
    await drawn(page, 'PCA of CLIP: 36 videos, seed 1. The axes show');
    await page.getByRole('combobox', { name: 'Projection' }).selectOption('vae');

    await test.step('held, it stands still; cancelled, the map before it is back', async () => {
      await page.getByRole('spinbutton', { name: 'Epochs' }).fill('20000');
      await page.getByRole('button', { name: 'Draw map' }).click();
      const loss = page.getByRole('figure', { name: 'VAE loss' });
      await expect(loss).toContainText(/Epoch \d+/);
      await page.getByRole('button', { name: 'Pause' }).click();
      await expect(page.getByText(/^Paused\. Training, epoch/)).toBeVisible();
      // What was on its way when it was held has come.
      await page.waitForTimeout(1000);
      const held = await loss.textContent();
      await page.waitForTimeout(1000);
      expect(await loss.textContent()).toBe(held);
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect(loss).not.toHaveText(held ?? '');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByRole('button', { name: 'Draw map' })).toBeEnabled();
      await expect(page.getByRole('figure', { name: 'Map' })).toContainText('PCA of CLIP');
    });

    await test.step('trained, with its losses', async () => {
      await page.getByRole('spinbutton', { name: 'Epochs' }).fill('60');
      await drawn(page, 'VAE of CLIP: 36 videos, seed 1');
      await expect(page.getByRole('figure', { name: 'VAE loss' })).toContainText('Epoch 60: reconstruction');
    });

    await test.step('neighbours of one video, with probabilities', async () => {
      await page.getByRole('list', { name: 'Points' }).getByRole('button').first().click();
      const nearest = page.getByRole('table', { name: 'Nearest in the latent plane' });
      await expect(nearest.getByRole('row')).toHaveCount(6);
      const shares = await nearest.getByRole('row').getByRole('cell').nth(1).textContent();
      expect(Number.parseFloat(shares ?? '')).toBeGreaterThan(20);
    });

    await test.step('compared with cosine of the vectors, on the Evaluate page too', async () => {
      await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
      await page.getByRole('combobox', { name: 'Labels from' }).selectOption('names');
      await page.getByRole('link', { name: 'Map', exact: true }).click();
      await page.getByRole('button', { name: 'Evaluate both' }).click();
      const table = page.getByRole('table', { name: 'Map and vectors' });
      await expect(table.getByRole('row', { name: /^mAP/ })).toBeVisible({ timeout: 60_000 });
      const map = await table.getByRole('row', { name: /^mAP/ }).getByRole('cell').first().textContent();
      expect(Number(map)).toBeGreaterThan(0.34);
    });

    await test.step('the map is no descriptor any more', async () => {
      const evaluate = page.getByRole('link', { name: 'Evaluate', exact: true });
      await evaluate.click();
      await expect(page.getByText(/^VAE · .*36 videos/)).not.toHaveCount(0);
      await page.getByRole('link', { name: 'Map', exact: true }).click();
      const remove = page.getByRole('button', { name: 'Remove the map as a descriptor' });
      await remove.click();
      await expect(remove).toHaveCount(0);
      await evaluate.click();
      await expect(page.getByText(/^CLIP · /)).not.toHaveCount(0);
      await expect(page.getByText(/^VAE · .*36 videos/)).toHaveCount(0);
    });
  });

  test('tells what both autoencoders of 40 real sounds are worth beside their vectors', async ({ page }) => {
    test.skip(!process.env.TEST_FULL || !sharedVideos, 'needs the real sounds: npm run test:full');
    test.setTimeout(3_600_000);
    const folder = join(sharedVideos ?? '', 'sounds');
    const sounds = readdirSync(folder).flatMap((kind) =>
      readdirSync(join(folder, kind)).map((name) => join(folder, kind, name)),
    );
    await startWith(page, {
      extractorsOff: ['resnet50', 'colour', 'clip', 'wavelet-hash', 'yamnet'],
      extractorsOn: ['mel-image'],
    });
    await openLibrary(page);
    await page.getByLabel('Add videos').setInputFiles(sounds);
    await waitUntilIndexed(page, sounds.length, 600_000);
    await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
    // By their bare names: those files were chosen, not their folder.
    const rows = sounds.map((path) => `${basename(path)},${basename(dirname(path))}`);
    const labelled = join(root, 'sounds.csv');
    writeFileSync(labelled, `Video File,Label\n${rows.join('\n')}\n`);
    await page.getByLabel('Ground truth').setInputFiles(labelled);
    await expect(page.getByRole('region', { name: 'Labels', exact: true })).toContainText('40 of 40 rows found');
    await page.getByRole('link', { name: 'Map', exact: true }).click();
    const descriptors = page.getByRole('group', { name: 'Descriptors' });
    for (const [method, of] of [
      ['Convolutional VAE', 'Mel spectrogram'],
      ['VAE', 'Sound statistics'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Projection' }).selectOption(method);
      for (const name of ['Mel spectrogram', 'Sound statistics']) {
        const box = descriptors.getByRole('checkbox', { name });
        if ((await box.count()) > 0) await box.setChecked(name === of);
      }
      await page.getByRole('spinbutton', { name: 'Epochs' }).fill('1000');
      await page.getByRole('button', { name: 'Draw map' }).click();
      const map = page.getByRole('figure', { name: 'Map' });
      await expect(map).toContainText(`${method} of ${of}: 40 videos, seed 1`, { timeout: 900_000 });
      await expect(page.getByRole('button', { name: 'Draw map' })).toBeEnabled({ timeout: 900_000 });
      await page.getByRole('button', { name: 'Evaluate both' }).click();
      const table = page.getByRole('table', { name: 'Map and vectors' });
      await expect(table.getByRole('row', { name: /^mAP/ })).toBeVisible({ timeout: 120_000 });
      const found = await table.getByRole('row').allInnerTexts();
      console.log(`${method} of ${of}:\n${found.map((row) => row.replaceAll(/\s+/g, '  ')).join('\n')}`);
      const [plane = 0] = (await table.getByRole('row', { name: /^mAP/ }).getByRole('cell').allTextContents()).map(
        Number,
      );
      // Ten classes of four: chance gives about 0.16.
      expect(plane).toBeGreaterThan(0.2);
    }
  });

  test('lays sounds out by a convolutional autoencoder on pictures of them', async ({ page }) => {
    test.skip(!hasFfmpeg, 'Sounds are made by native ffmpeg, which is not here.');
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    const kinds: Readonly<Record<string, (i: number) => string>> = {
      low: (i) => `sine=frequency=${220 + 8 * i}`,
      high: (i) => `sine=frequency=${2400 + 60 * i}`,
      noise: (i) => `anoisesrc=color=pink:seed=${i + 1}:amplitude=0.4`,
    };
    const sounds = Object.entries(kinds).flatMap(([kind, source]) =>
      [0, 1, 2].map((i) => makeSound(join(root, `v_${kind}_g0${i + 1}_c01.${i === 0 ? 'mp4' : 'wav'}`), source(i))),
    );
    await startWith(page, {
      extractorsOff: ['resnet50', 'colour', 'clip', 'wavelet-hash', 'yamnet', 'audio-statistics'],
      extractorsOn: ['mel-image'],
    });
    await openLibrary(page);
    await page.getByLabel('Add videos').setInputFiles(sounds);
    expect(await waitUntilIndexed(page, sounds.length)).toMatchObject({ indexed: sounds.length, failed: 0 });
    await page.getByRole('link', { name: 'Map', exact: true }).click();
    await page.getByRole('combobox', { name: 'Projection' }).selectOption('Convolutional VAE');
    await page.getByRole('spinbutton', { name: 'Epochs' }).fill('100');
    await drawn(page, 'Convolutional VAE of Mel spectrogram: 9 videos, seed 1');
    await expect(page.getByRole('figure', { name: 'VAE loss' })).toContainText('Epoch 100: reconstruction');

    const points = page.getByRole('list', { name: 'Points' });
    const nearest = page.getByRole('table', { name: 'Nearest in the latent plane' });
    // Of nine sounds one may come to lie among others.
    let right = 0;
    for (const kind of Object.keys(kinds)) {
      await points.getByRole('button', { name: new RegExp(`${kind}_g01`) }).click();
      await expect(nearest.getByRole('row')).toHaveCount(6);
      if ((await nearest.getByRole('row').nth(1).textContent())?.includes(`${kind}_`)) right++;
      await page.getByRole('button', { name: 'Clear', exact: true }).click();
    }
    expect(right).toBeGreaterThanOrEqual(2);
    await page.getByRole('combobox', { name: 'Colour by' }).selectOption('error');
    await expect(points).toContainText(/error \d\.\d{3}/);
    const first = await coordinates(page);
    await drawn(page, 'Convolutional VAE of Mel spectrogram: 9 videos, seed 1');
    expect(await coordinates(page)).toBe(first);
    await expectAccessible(page, 'a map of sounds');

    await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
    await page.getByRole('combobox', { name: 'Labels from' }).selectOption('names');
    await page.getByRole('link', { name: 'Map', exact: true }).click();
    await page.getByRole('button', { name: 'Evaluate both' }).click();
    const found = page.getByRole('table', { name: 'Map and vectors' }).getByRole('row', { name: /^mAP/ });
    await expect(found).toBeVisible({ timeout: 60_000 });
    // Chance gives about 0.4.
    expect(Number(await found.getByRole('cell').first().textContent())).toBeGreaterThan(0.7);

    await test.step('a sound that came since is placed by the network that drew the map', async () => {
      const before = await coordinates(page);
      const more = makeSound(join(root, 'v_low_g04_c01.wav'), kinds.low?.(3) ?? '');
      await page.getByRole('link', { name: 'Library', exact: true }).click();
      await page.getByLabel('Add videos').setInputFiles(more);
      await waitUntilIndexed(page, sounds.length + 1);
      await page.getByRole('link', { name: 'Map', exact: true }).click();
      await expect(page.getByRole('status', { name: 'Changes since' })).toContainText('1 video came');
      await page.getByRole('button', { name: 'Place the new on this map' }).click();
      const drawnTen = 'Convolutional VAE of Mel spectrogram: 10 videos, seed 1';
      await expect(page.getByRole('figure', { name: 'Map' })).toContainText(drawnTen);
      await page.reload();
      await expect(page.getByRole('figure', { name: 'Map' })).toContainText(drawnTen);
      const after = (await coordinates(page)).split('\r\n');
      expect(after.slice(0, 10)).toEqual(before.split('\r\n').slice(0, 10));
      await points.getByRole('button', { name: /low_g04/ }).click();
      await expect(nearest.getByRole('row').nth(1)).toContainText('low_');
    });
  });

  test('says what is missing for a map', async ({ page }) => {
    await page.goto('/#/map');
    await expect(page.getByRole('heading', { name: 'Your library is empty' })).toBeVisible();
    const file = join(root, 'few.npz');
    await writeFeatures(file, { labels: ['Alpha'], groups: 1, clips: 3, extractor: 'resnet50' });
    await openMap(page, file);
    await expect(page.getByText('A map takes 4 indexed videos: 3 videos are here')).toBeVisible();
    await expectAccessible(page, 'too few videos for a map');
  });

  test('says how videos come by pictures of their sound', async ({ page }) => {
    const file = join(root, 'no-sound.npz');
    await writeFeatures(file, { labels, groups: 1, clips: 2, extractor: 'resnet50' });
    await openMap(page, file);
    await page.getByRole('combobox', { name: 'Projection' }).selectOption('Convolutional VAE');
    await expect(page.getByText('No video has a picture of its sound yet')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Draw map' })).toBeDisabled();
    await expectAccessible(page, 'no pictures of sound for a map');
  });
});
