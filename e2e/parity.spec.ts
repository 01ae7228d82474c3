import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { exportFeatures, openLibrary, startWith } from './fixtures/library-steps';
import {
  cosine,
  meanOfRooted,
  meanVector,
  nativeFacts,
  nativeFrames,
  nativeNetwork,
  uniformFrames,
} from './fixtures/native-features';
import { vectorsByName } from './fixtures/npz';
import { serveModel } from './fixtures/origin-model';
import { sharedModels, sharedVideos } from './fixtures/shared-data';
import { readStoredFacts } from './fixtures/stored-facts';
import { tinyNetwork } from './fixtures/tiny-network';

const samples = 8;
const others = ['mobilenetv2', 'colour', 'clip', 'wavelet-hash', 'yamnet', 'vggish', 'audio-statistics'];
const bounds = { ffmpeg: 0.999, webcodecs: 0.99, image: 1 };

const realClips = (root: string) =>
  [
    'ucf101/Archery/v_Archery_g01_c04.avi',
    'ucf101/BabyCrawling/v_BabyCrawling_g01_c01.avi',
    'ucf101/YoYo/v_YoYo_g01_c03.avi',
    'near-duplicates/v_Archery_g05_c04/v_Archery_g05_c04__h264crf35.mp4',
    'near-duplicates/v_Fencing_g05_c02/v_Fencing_g05_c02__half.mp4',
    'near-duplicates/v_YoYo_g05_c04/v_YoYo_g05_c04__letterbox.mp4',
    'near-duplicates/v_JumpingJack_g05_c05/v_JumpingJack_g05_c05__speed125.mp4',
    'near-duplicates/v_Archery_g05_c04/v_Archery_g05_c04__trim.webm',
    'near-duplicates/v_YoYo_g05_c04/v_YoYo_g05_c04__trim.webm',
    'stress/vp9.webm',
    'stress/rotated_metadata.mp4',
    'stress/sar_2x1.mp4',
  ].map((path) => join(root, path));

function generatedClips(folder: string): string[] {
  const looks = ['testsrc2=s=320x240:r=25', 'smptehdbars=s=320x180:r=25', 'mandelbrot=s=240x320:r=15,format=yuv420p'];
  const clips = looks.flatMap((look, i) =>
    ['avi', 'mp4', 'webm'].map((ending) => makeClip(join(folder, `clip${i}.${ending}`), look)),
  );
  const rotated = join(folder, 'rotated.mp4');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-i', join(folder, 'clip0.mp4')],
    ...['-c', 'copy', '-metadata:s:v:0', 'rotate=90', rotated],
  ]);
  return [
    ...clips,
    makeClip(join(folder, 'wide-pixels.mp4'), 'testsrc=s=160x240:r=25,setsar=2'),
    makeClip(join(folder, 'one-frame.mp4'), 'testsrc2=s=320x240:r=25', 0.04),
    rotated,
  ];
}

test('a video has the same vector whatever else it is described by, at its key frames where they lie near', async ({
  page,
  context,
}) => {
  test.skip(!hasFfmpeg, 'The clip is made by native ffmpeg, which is not here.');
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-key-frames-'));
  try {
    const seconds = 40;
    // A key frame every two seconds, and instants every five from 2.5 on.
    const keyFrames = ['-g', '20', '-keyint_min', '20', '-sc_threshold', '0'];
    const alone = makeClip(join(folder, 'alone.mp4'), 'testsrc2=s=160x120:r=10', seconds, ...keyFrames);
    const among = join(folder, 'among.mp4');
    // Another file of the same pictures, by a comment in its header.
    execFileSync('ffmpeg', ['-v', 'error', '-i', alone, '-c', 'copy', '-metadata', 'comment=copy', among]);
    if (!sharedModels) await serveModel(context, tinyNetwork());
    const library = async (extractorsOff: string[], clip: string, count: number) => {
      await startWith(page, { extractorsOff });
      await page.goto('/#/library');
      await page.reload();
      await page.getByLabel('Add videos').setInputFiles(clip);
      await waitUntilIndexed(page, count);
    };
    await library(others, alone, 1);
    await library(
      others.filter((id) => id !== 'wavelet-hash'),
      among,
      2,
    );
    const vectors = vectorsByName(await exportFeatures(page, { extractor: 'ResNet-50' }));
    expect(vectors.get('among.mp4')).toEqual(vectors.get('alone.mp4'));
    const facts = await readStoredFacts(page);
    const keys = [2, 8, 12, 18, 22, 28, 32, 38];
    for (const { name, times, probe } of facts) {
      expect(probe, name).toMatchObject({ decoder: 'webcodecs', sought: 'key-frames' });
      times.resnet50?.forEach((time, i) => {
        expect(time, name).toBeCloseTo(keys[i] as number, 3);
      });
    }
    // Hashes are compared along time: theirs are the frames on screen.
    const hashed = facts.find(({ name }) => name === 'among.mp4')?.times['wavelet-hash'] ?? [];
    expect(hashed).toHaveLength(160);
    expect(hashed[2]).toBeCloseTo(0.5, 3);
    const cards = page.getByRole('list', { name: 'Library' }).getByRole('listitem');
    await cards.filter({ hasText: 'among' }).getByRole('button', { name: 'Details' }).click();
    await expect(page.getByRole('dialog')).toContainText('this browser, at key frames');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.describe('exported vectors equal those of native ffmpeg and ONNX Runtime', () => {
  test.skip(!hasFfmpeg, 'The comparison needs native ffmpeg, which is not here.');
  let folder: string;
  test.beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reelmatch-parity-'));
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const own = 'What each network ranks best by, where that was measured';
  for (const [framing, radio, views] of [
    ['squeeze', 'Whole frame, squeezed to a square', ['squeeze']],
    ['centre-crop', 'Centre crop: shape kept, edges cut off', ['centre-crop']],
    ['cover', own, ['cover']],
    ['two views of rooted frames', own, ['cover', 'squeeze']],
  ] as const) {
    test(`framed by ${framing}`, async ({ page, context }) => {
      // The short run has what is used unless one chooses otherwise, and what the originals do.
      const chosen = framing === 'centre-crop' || views.length > 1;
      test.skip(chosen && !process.env.TEST_FULL, 'a long run: npm run test:full');
      test.setTimeout(600_000);
      const all = sharedVideos ? realClips(sharedVideos) : generatedClips(folder);
      expect(all).toHaveLength(12);
      // The decoders give the same whatever the framing: a third of the clips tells whether that is right, too.
      const each = process.env.TEST_FULL ? 1 : framing === 'squeeze' ? 2 : 3;
      const clips = all.filter((_, i) => i % each === 0);
      if (!sharedModels) await serveModel(context, tinyNetwork());
      const run = await nativeNetwork(sharedModels ? join(sharedModels, 'resnet50.onnx') : tinyNetwork());

      await startWith(page, { extractorsOff: others });
      await page.goto('/#/settings');
      await page.getByRole('radio', { name: radio }).check();
      if (views.length > 1) {
        const options = page.getByRole('group', { name: 'Options of ResNet-50' });
        await options.getByLabel('Vectors of frames').selectOption('Square root, then length 1');
        await options.getByLabel('Views of a frame').selectOption('Squeezed + cropped: twice the work');
      }
      await openLibrary(page);
      await page.getByLabel('Add videos').setInputFiles(clips);
      await waitUntilIndexed(page, clips.length);
      const exported = vectorsByName(await exportFeatures(page, { extractor: 'ResNet-50' }));
      const stored = await readStoredFacts(page);

      const figures: string[] = [];
      for (const clip of clips) {
        const name = basename(clip);
        const { probe, times, state } = stored.find((facts) => facts.name === name) ?? {};
        expect(state, name).toBe('indexed');
        const facts = nativeFacts(clip);
        const frames = uniformFrames(facts, samples, probe?.video?.frameCount !== undefined);
        const instants = frames.map((frame) => facts.times[frame] ?? Number.NaN);
        const away = (times?.resnet50 ?? []).map((time, i) => Math.abs(time - (instants[i] ?? Number.NaN)));
        const seen: Float32Array[] = [];
        for (const fit of views) seen.push(await run(nativeFrames(clip, facts, frames, fit), samples));
        const expected = views.length > 1 ? meanOfRooted(seen, samples) : meanVector(seen[0] as Float32Array, samples);
        const similarity = cosine(exported.get(name) ?? [], expected);
        const decoder = probe?.decoder ?? 'image';
        figures.push(`${similarity.toFixed(5)}  ${decoder.padEnd(9)}  ${probe?.video?.codec.padEnd(6)}  ${name}`);
        expect.soft(away.length, `frames of ${name}`).toBe(samples);
        expect.soft(Math.max(...away), `instants of ${name}, seconds apart`).toBeLessThan(0.002);
        expect.soft(similarity, `${name} by ${decoder}`).toBeGreaterThanOrEqual(bounds[decoder]);
      }
      console.log(`Cosine to native vectors, ${framing}:\n  ${figures.join('\n  ')}`);
      const decoders = new Set(stored.map(({ probe }) => probe?.decoder));
      expect([...decoders].sort()).toEqual(['ffmpeg', 'webcodecs']);
    });
  }
});
