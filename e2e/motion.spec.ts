import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { ClipFolder, hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { serveModel } from './fixtures/origin-model';
import { openSearch, rankAs, searchOnlyBy, searchWith } from './fixtures/search-steps';
import { sharedModels } from './fixtures/shared-data';
import { tinySense } from './fixtures/tiny-senses';

test.skip(!hasFfmpeg, 'Clips are made by native ffmpeg, which is not here.');

/** A ground that stands still or goes by, one way or the other. */
function movingClip(path: string, kind: string, seed: number): string {
  const speed = { left: '0.025', right: '-0.025', still: '0' }[kind] ?? '0';
  const ground = `color=gray:s=160x120:r=10,noise=c0s=${90 + seed}:c0f=p:c0_seed=${seed},boxblur=2`;
  return makeClip(path, `${ground},trim=end_frame=1,loop=-1:1,setpts=N/10/TB,scroll=h=${speed}`);
}

test('motion ranks like with like, by blocks and by a network of clips', async ({ page, context }) => {
  const folder = new ClipFolder();
  const clips = ['left', 'right', 'still'].flatMap((kind) =>
    [1, 2].map((i) => movingClip(folder.path(`${kind}_${i}.${i === 1 ? 'avi' : 'mp4'}`), kind, i)),
  );
  for (const file of ['resnet50.onnx', 'yamnet.onnx']) await serveModel(context, undefined, file);
  await startWith(page, {
    extractorsOff: ['resnet50', 'colour', 'clip', 'wavelet-hash', 'yamnet', 'audio-statistics'],
  });

  await test.step('motion is switched on, and a network that takes no clips is refused', async () => {
    await page.goto('/#/settings');
    await page.getByRole('switch', { name: /^Motion/ }).check();
    const card = page.getByRole('region', { name: 'Model of Video network', exact: true });
    const add = (name: string, content: Uint8Array) =>
      card
        .getByLabel('Add model file')
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
    await add('sound.onnx', tinySense({ kind: 'patches' }));
    await expect(card).toContainText('[N, 96, 64]');
    await add(
      'network.onnx',
      sharedModels && process.env.TEST_FULL
        ? readFileSync(join(sharedModels, 'movinet_a0_clip.int8w.onnx'))
        : tinySense({ kind: 'clip', layout: 'NCTHW' }),
    );
    await expect(card).toContainText('Ready', { timeout: 60_000 });
  });

  await openLibrary(page);
  await page.getByLabel('Add videos').setInputFiles(clips);
  expect(await waitUntilIndexed(page, clips.length)).toMatchObject({ indexed: clips.length, failed: 0 });
  await openSearch(page);
  await rankAs(page, 'original');

  await test.step('by blocks', async () => {
    for (const kind of ['left', 'right', 'still']) {
      const query = movingClip(folder.path(`query-${kind}.mp4`), kind, 7);
      await searchWith(page, query);
      await searchOnlyBy(page, 'Motion');
      const matches = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
      await expect(matches.nth(0)).toContainText(`${kind}_`);
      await expect(matches.nth(1)).toContainText(`${kind}_`);
    }
  });

  await test.step('by the network', async () => {
    const [known] = clips as [string];
    await searchWith(page, known);
    await searchOnlyBy(page, 'Video network');
    const matches = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
    await expect(matches).toHaveCount(5);
    await expect(matches.first()).toContainText(/\d\.\d{3}/);
    await expect(page.getByRole('list', { name: 'Matches' })).not.toContainText(basename(known));
  });
});
