import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { hasFfmpeg } from './fixtures/clips';
import { convolutionalNetwork } from './fixtures/convolutional-network';
import { makeClip } from './fixtures/generated-clips';
import { exportFeatures, openLibrary, startWith } from './fixtures/library-steps';
import {
  cosine,
  meanVector,
  nativeFacts,
  nativeFrames,
  nativeNetwork,
  uniformFrames,
} from './fixtures/native-features';
import { vectorsByName } from './fixtures/npz';
import { serveModel } from './fixtures/origin-model';
import { storedModelFile, storedModelFiles } from './fixtures/private-folder';
import { sharedModels, sharedVideos } from './fixtures/shared-data';
import { readStoredFacts } from './fixtures/stored-facts';
import { readVectors } from './fixtures/stored-library';
import { tinyNetwork } from './fixtures/tiny-network';

const samples = 8;
/** The real network takes a minute longer. */
const resnet = process.env.TEST_FULL && sharedModels ? join(sharedModels, 'resnet50.onnx') : undefined;
const others = ['mobilenetv2', 'colour', 'clip', 'wavelet-hash', 'yamnet', 'vggish', 'audio-statistics'];

test.describe('a faster copy of a network', () => {
  test.skip(!hasFfmpeg, 'The comparison needs native ffmpeg, which is not here.');
  let folder: string;
  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reelmatch-eight-bit-'));
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is made, describes as it does natively and nearly as the network, is left and removed', async ({
    page,
    context,
  }) => {
    test.setTimeout(600_000);
    const clips = sharedVideos
      ? ['Archery/v_Archery_g01_c04.avi', 'YoYo/v_YoYo_g01_c03.avi'].map((path) =>
          join(sharedVideos as string, 'ucf101', path),
        )
      : ['testsrc2=s=320x240:r=25', 'mandelbrot=s=320x240:r=15,format=yuv420p'].map((look, i) =>
          makeClip(join(folder, `clip${i}.avi`), look),
        );
    if (!resnet) await serveModel(context, convolutionalNetwork());
    await startWith(page, { extractorsOff: others });
    await page.goto('/#/settings');
    const card = page.getByRole('region', { name: 'Model of ResNet-50' });
    const make = card.getByRole('button', { name: 'Make a faster 8-bit copy' });
    await make.click();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await make.click();
    await expect(card.getByRole('progressbar', { name: 'Making an 8-bit copy' })).toBeVisible();
    const use = card.getByRole('switch', { name: 'Use its 8-bit copy' });
    await expect(use.or(card.getByRole('alert'))).toBeVisible({ timeout: 300_000 });
    await expect(use).toBeChecked();
    await expect(card).toContainText(
      /\d\.\d times as fast on the processor here, vectors alike to a mean cosine of (0\.9|1\.0)/,
    );
    const copy = await storedModelFile(page, 'resnet50.onnx.8-bit');

    await openLibrary(page);
    await page.getByLabel('Add videos').setInputFiles(clips);
    await waitUntilIndexed(page, clips.length);
    const exported = vectorsByName(await exportFeatures(page, { extractor: 'ResNet-50' }));
    const hashes = async () => new Set((await readVectors(page)).map(({ space }) => JSON.parse(space)[2] as string));
    expect(await hashes()).toEqual(new Set([createHash('sha256').update(copy).digest('hex')]));
    const stored = await readStoredFacts(page);
    const runCopy = await nativeNetwork(copy);
    const run = await nativeNetwork(resnet ?? convolutionalNetwork());
    for (const clip of clips) {
      const name = basename(clip);
      const { probe } = stored.find((facts) => facts.name === name) ?? {};
      const facts = nativeFacts(clip);
      const frames = uniformFrames(facts, samples, probe?.video?.frameCount !== undefined);
      const pixels = nativeFrames(clip, facts, frames, 'cover');
      const own = exported.get(name) ?? [];
      const likeCopy = cosine(own, meanVector(await runCopy(pixels, samples), samples));
      const likeNetwork = cosine(own, meanVector(await run(pixels, samples), samples));
      console.log(`${name}: ${likeCopy.toFixed(5)} to the copy run natively, ${likeNetwork.toFixed(5)} to the network`);
      expect.soft(likeCopy).toBeGreaterThan(0.999);
      expect.soft(likeNetwork).toBeGreaterThan(0.98);
    }

    await page.goto('/#/settings');
    await use.click();
    await expect(use).not.toBeChecked();
    await openLibrary(page);
    await expect(page.getByRole('main')).toContainText('2 videos cannot be found by ResNet-50 yet');
    await page.goto('/#/settings');
    await card.getByRole('button', { name: 'Remove the 8-bit copy' }).click();
    await expect(make).toBeVisible();
    expect(await storedModelFiles(page)).not.toContain('resnet50.onnx.8-bit');
  });

  test('is refused where it brings nothing, and the network stays', async ({ page, context }) => {
    await serveModel(context, tinyNetwork({ layout: 'NHWC' }));
    await page.goto('/#/settings');
    const card = page.getByRole('region', { name: 'Model of ResNet-50' });
    await card.getByRole('button', { name: 'Make a faster 8-bit copy' }).click();
    await expect(card.getByRole('alert')).toContainText('No 8-bit copy of this network was made', { timeout: 60_000 });
    await expect(card.getByRole('alert')).toContainText('The network itself stays in use.');
    await expect(card.getByText('Ready', { exact: true })).toBeVisible();
  });
});
