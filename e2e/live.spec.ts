import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { cameraArguments, withBrowser } from './fixtures/camera';
import { hasFfmpeg } from './fixtures/clips';
import { generatedClips } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { makeSound } from './fixtures/native-sound';
import { serveModel } from './fixtures/origin-model';
import { sharedModels, sharedVideos, ucf101Clips } from './fixtures/shared-data';
import { tinyNetwork } from './fixtures/tiny-network';
import { tinySense } from './fixtures/tiny-senses';

test.describe('live', () => {
  test.skip(!hasFfmpeg, 'Camera and microphone are fed by native ffmpeg, which is not here.');
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-live-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Keeps the streams that the page opens where the test can see whether they have been let go. */
  const watchTracks = (page: Page) =>
    page.addInitScript(() => {
      const opened: MediaStreamTrack[] = [];
      Reflect.set(window, 'openedTracks', opened);
      for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
        const original = navigator.mediaDevices[name].bind(navigator.mediaDevices);
        navigator.mediaDevices[name] = async (wish) => {
          const stream = await original(wish);
          opened.push(...stream.getTracks());
          return stream;
        };
      }
    });
  const tracks = (page: Page) =>
    page.evaluate(() =>
      (Reflect.get(window, 'openedTracks') as MediaStreamTrack[]).map(({ readyState }) => readyState),
    );
  const now = (page: Page, lane: 'Seen' | 'Heard') => page.getByRole('list', { name: `${lane} now` });

  test('a trained head tells what the camera shows, a network what is heard; both are let go', async ({
    playwright,
    launchOptions,
    baseURL,
  }) => {
    const labels = ['Pattern', 'Fractal', 'Box'];
    const clips = labels.flatMap((label) => generatedClips(join(root, 'clips'), label, 4));
    const film = clips.find((clip) => clip.includes('v_Pattern_g02_c01')) as string;
    const args = cameraArguments(root, film, makeSound(join(root, 'tone.wav'), 'sine=frequency=440'));
    await withBrowser({ playwright, launchOptions, baseURL }, args, async (page, context) => {
      await serveModel(context, tinyNetwork({ output: 'vector-and-logits', scoreSpread: 0.5 }));
      const senses = tinySense({ kind: 'patches' }, { dimensions: 1024, output: 'both' });
      await serveModel(context, senses, 'yamnet.onnx');
      await startWith(page, { extractorsOff: ['colour', 'wavelet-hash', 'yamnet', 'audio-statistics'] });
      await watchTracks(page);
      await openLibrary(page);
      await page.getByLabel('Add videos').setInputFiles([...clips]);
      await waitUntilIndexed(page, clips.length);
      await page.getByRole('link', { name: 'Classify', exact: true }).click();
      await page.getByRole('combobox', { name: 'Labels from' }).selectOption('names');
      await page.getByRole('spinbutton', { name: 'Epochs' }).fill('30');
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect(page.getByRole('table', { name: 'Test summary' })).toBeVisible({ timeout: 90_000 });

      const start = page.getByRole('button', { name: 'Start live' });
      await test.step('by the head, from the camera', async () => {
        await expect(page.getByRole('combobox', { name: 'Labels by' })).toHaveValue('head');
        await start.click();
        await expect(now(page, 'Seen').getByRole('listitem').first()).toContainText('Pattern', { timeout: 60_000 });
        await expect(now(page, 'Heard').getByRole('listitem')).toHaveCount(5, { timeout: 60_000 });
        await expect(page.getByRole('region', { name: 'Seen' })).toContainText(/\d\.\d frames a second, \d+ ms behind/);
        await expect(page.getByRole('region', { name: 'Heard' })).toContainText(/\d\.\d windows a second/);
        await expect(page.getByRole('figure', { name: 'Live timeline' })).toContainText('Pattern');
        await expectAccessible(page, 'live labels');
        await page.setViewportSize({ width: 390, height: 844 });
        await expectNoSidewaysScroll(page, 'live, narrow');
        await page.setViewportSize({ width: 1280, height: 800 });
      });

      await test.step('Stop lets go of camera and microphone', async () => {
        expect(await tracks(page)).toEqual(['live', 'live']);
        await page.getByRole('button', { name: 'Stop' }).click();
        await expect.poll(() => tracks(page)).toEqual(['ended', 'ended']);
        await expect(start).toBeVisible();
      });

      await test.step('without the head, the classes of the network; leaving the page stops it', async () => {
        await page.getByRole('combobox', { name: 'Labels by' }).selectOption('networks');
        await page.getByRole('checkbox', { name: 'With sound' }).uncheck();
        await start.click();
        await expect(now(page, 'Seen').getByRole('listitem')).toHaveCount(5, { timeout: 60_000 });
        await expect(now(page, 'Heard')).toBeHidden();
        await page.getByRole('link', { name: 'Library', exact: true }).click();
        await expect.poll(() => tracks(page)).toEqual(['ended', 'ended', 'ended']);
        await page.getByRole('link', { name: 'Classify', exact: true }).click();
      });

      await test.step('from the screen', async () => {
        await page.getByRole('combobox', { name: 'Source' }).selectOption('screen');
        await start.click();
        await expect(now(page, 'Seen').getByRole('listitem')).toHaveCount(3, { timeout: 60_000 });
        await page.getByRole('button', { name: 'Stop' }).click();
        await expect(start).toBeVisible();
        await expect.poll(() => tracks(page)).not.toContain('live');
      });

      await test.step('a file that the browser cannot play is made playable, and ends by itself', async () => {
        await page.getByRole('combobox', { name: 'Source' }).selectOption('file');
        await expect(start).toBeDisabled();
        await page.getByLabel('Live file').setInputFiles(film);
        await start.click();
        await expect(page.getByText('a copy was made that it plays')).toBeVisible({ timeout: 60_000 });
        await expect(start).toBeVisible({ timeout: 60_000 });
      });
    });
  });

  test('says what to do where the camera is refused, missing, or there is no network', async ({
    playwright,
    launchOptions,
    baseURL,
    page,
    context,
  }) => {
    await serveModel(context, undefined);
    await serveModel(context, undefined, 'yamnet.onnx');
    const start = (of: Page) => of.getByRole('button', { name: 'Start live' }).click();
    await page.goto('/#/classify');
    await start(page);
    await expect(page.getByRole('alert')).toContainText('No camera was found');

    await withBrowser(
      { playwright, launchOptions, baseURL },
      ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
      async (refused) => {
        await refused.goto('/#/classify');
        await start(refused);
        await expect(refused.getByRole('alert')).toContainText('was not allowed to use the camera');
        await expectAccessible(refused, 'a refused camera');
      },
    );

    await withBrowser(
      { playwright, launchOptions, baseURL },
      ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
      async (deaf, own) => {
        await serveModel(own, undefined);
        await own.grantPermissions(['camera']);
        await deaf.goto('/#/classify');
        await start(deaf);
        await expect(deaf.getByText('The microphone was not allowed, so nothing is heard.')).toBeVisible();
        await expect(deaf.getByRole('region', { name: 'Seen' })).toBeVisible();
        await expect(deaf.getByRole('region', { name: 'Heard' })).toBeHidden();
      },
    );

    const flags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
    await withBrowser({ playwright, launchOptions, baseURL }, flags, async (blank, own) => {
      await serveModel(own, undefined);
      await serveModel(own, undefined, 'yamnet.onnx');
      await blank.goto('/#/classify');
      await start(blank);
      await expect(blank.getByRole('region', { name: 'Seen' }).getByRole('alert')).toContainText('is not there yet');
      await expect(blank.getByRole('region', { name: 'Heard' }).getByRole('alert')).toContainText('is not there yet');
    });
  });

  test('the networks themselves name what a camera films and a microphone hears', async ({
    playwright,
    launchOptions,
    baseURL,
  }) => {
    test.skip(!sharedVideos || !sharedModels, 'needs the real clips and networks');
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    const [videos, models] = [sharedVideos ?? '', sharedModels ?? ''];
    const film = ucf101Clips('Archery').find((path) => path.includes('g01_c04')) as string;
    const chainsaw = join(videos, 'sounds/Chainsaw');
    const sound = join(chainsaw, readdirSync(chainsaw).sort()[0] ?? '');
    await withBrowser(
      { playwright, launchOptions, baseURL },
      cameraArguments(root, film, sound),
      async (page, context) => {
        await serveModel(context, readFileSync(join(models, 'resnet50.onnx')));
        await serveModel(context, readFileSync(join(models, 'yamnet_embed.int8w.onnx')), 'yamnet.onnx');
        await page.goto('/#/classify');
        await page.getByRole('button', { name: 'Start live' }).click();
        await expect(now(page, 'Seen').getByRole('listitem').first()).toContainText('bow', { timeout: 120_000 });
        await expect(now(page, 'Heard').getByRole('listitem').first()).toContainText('chainsaw', { timeout: 120_000 });
        for (const lane of ['Seen', 'Heard']) {
          const measured = page.getByRole('region', { name: lane }).getByText(/a second, \d+ ms behind/);
          await expect(measured).toBeVisible({ timeout: 60_000 });
          console.log(lane, await measured.textContent());
        }
      },
    );
  });
});
