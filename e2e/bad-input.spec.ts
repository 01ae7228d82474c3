import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ErrorCode, ErrorDetails } from '../src/core/errors';
import { describeError } from '../src/ui/error-messages';
import { dropPaths, expect, libraryCounts, test, waitUntilIndexed } from './fixtures/app';
import { hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary } from './fixtures/library-steps';
import { nativeFacts } from './fixtures/native-features';
import { makeOddFiles } from './fixtures/odd-files';
import { serveModel } from './fixtures/origin-model';
import { sharedVideos } from './fixtures/shared-data';
import { readStoredFacts } from './fixtures/stored-facts';
import outcomes from './fixtures/stress.json' with { type: 'json' };
import { tinyNetwork } from './fixtures/tiny-network';

type Outcome = {
  readonly outcome: string;
  readonly decoder?: string;
  readonly fallback?: string;
  readonly codec?: string;
  readonly frames?: number;
  readonly width?: number;
  readonly height?: number;
};

/** What the list says of a video, found by its name. */
async function cardText(page: Page, name: string): Promise<string> {
  await page.getByRole('textbox', { name: 'Filter' }).fill(name);
  const cards = page.getByRole('list', { name: 'Library' }).getByRole('listitem');
  // The filter finds parts of names, and is applied a moment later: others may stand beside this one.
  const card = cards.filter({ has: page.getByText(name.trim(), { exact: true }) }).first();
  return (await card.textContent()) ?? '';
}

/** How many different contents there are: the same file twice is one video in two places. */
const distinct = (paths: readonly string[]) =>
  new Set(paths.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'))).size;

const wordsOf = (code: ErrorCode, details: ErrorDetails = {}) => describeError({ code, details }).what;

test.setTimeout(600_000);

// The network's size is nothing to this: a small one saves the time.
test.beforeEach(({ context }) => serveModel(context, tinyNetwork()));

test('every odd file is indexed or fails with its reason, and the queue goes on', async ({ page }) => {
  test.skip(!sharedVideos, 'The odd files are not beside the checkout.');
  const folder = join(sharedVideos ?? '', 'stress');
  const files = readdirSync(folder);
  expect(files.sort()).toEqual(Object.keys(outcomes).sort());
  const table = outcomes as Readonly<Record<string, Outcome>>;
  await openLibrary(page);
  const paths = files.map((name) => join(folder, name));
  const videos = distinct(paths);
  await dropPaths(page, paths);
  await waitUntilIndexed(page, videos, 550_000);
  const stored = await readStoredFacts(page);
  for (const [name, expected] of Object.entries(table)) {
    const found = stored.find(({ paths }) => paths.includes(name));
    const { decoder, video } = found?.probe ?? {};
    if (expected.outcome === 'sound') {
      expect.soft(found?.error?.code ?? found?.state, name).toBe('indexed');
      expect.soft([video, found?.probe?.audio?.codec], name).toEqual([undefined, expected.codec]);
      expect.soft(Object.keys(found?.times ?? {}), name).toEqual(['audio-statistics']);
      continue;
    }
    expect.soft(found?.error?.code ?? found?.state, name).toBe(expected.outcome);
    if (expected.outcome !== 'indexed') {
      expect
        .soft(await cardText(page, found?.name ?? name), name)
        .toContain(wordsOf(expected.outcome as ErrorCode, found?.error?.details));
      continue;
    }
    expect.soft({ decoder, codec: video?.codec, width: video?.width, height: video?.height }, name).toEqual({
      decoder: expected.fallback ?? expected.decoder,
      codec: expected.codec,
      width: expected.width,
      height: expected.height,
    });
    expect.soft(found?.times.resnet50, name).toHaveLength(expected.frames ?? 0);
    if (hasFfmpeg) {
      const native = nativeFacts(join(folder, name));
      expect.soft([video?.width, video?.height], `${name}, as ffprobe says`).toEqual([native.width, native.height]);
      expect.soft(native.times.length, `${name}, frames that ffprobe decodes`).toBeGreaterThan(0);
    }
  }
  const taken = Object.entries(table).filter(([, { outcome }]) => /^(indexed|sound)$/.test(outcome));
  const indexed = distinct(taken.map(([name]) => join(folder, name)));
  expect(await libraryCounts(page)).toMatchObject({ indexed, failed: videos - indexed });
});

test.describe('generated files', () => {
  test.skip(!hasFfmpeg, 'Odd files are made by native ffmpeg, which is not here.');
  let root: string;
  test.beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'reelmatch-odd-'));
  });
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('hostile names and odd contents', async ({ page }) => {
    const files = makeOddFiles(join(root, 'odd'));
    const good = makeClip(join(root, 'last.mp4'), 'mandelbrot=s=160x120:r=10');
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs++;
      return dialog.dismiss();
    });
    await openLibrary(page);
    await dropPaths(page, [...files.map(({ path }) => path), good]);
    await waitUntilIndexed(page, files.length + 1, 550_000);
    const stored = await readStoredFacts(page);
    for (const { path, outcome, size } of files) {
      const name = basename(path);
      const found = stored.find((facts) => facts.name === name);
      const came = found?.error?.code ?? found?.state;
      if (outcome === 'either') {
        expect.soft(['indexed', 'file-truncated', 'decode-failed', 'no-frames'], name).toContain(came);
      } else expect.soft(came, name).toBe(outcome);
      const { width, height } = found?.probe?.video ?? {};
      if (size) expect.soft([width, height], name).toEqual(size);
      if (found?.error && came !== 'indexed') {
        expect.soft(await cardText(page, name), name).toContain(wordsOf(found.error.code, found.error.details));
      }
    }
    expect(stored.find(({ name }) => name === 'last.mp4')?.state).toBe('indexed');
    expect(dialogs).toBe(0);
    await page.getByRole('textbox', { name: 'Filter' }).fill('onerror');
    const list = page.getByRole('list', { name: 'Library' });
    await expect(list.getByRole('listitem')).toContainText('<img src=x onerror=alert(1)>');
    await expect(list.locator('img[src="x"], b')).toHaveCount(0);
  });

  const many = process.env.TEST_FULL ? 5000 : 150;
  test(`${many} files at once`, async ({ page }) => {
    const folder = join(root, 'many');
    mkdirSync(folder);
    for (let i = 0; i < many; i++) writeFileSync(join(folder, `clip ${i}.mp4`), `no video ${i}`);
    makeClip(join(folder, 'zz real.mp4'), 'mandelbrot=s=160x120:r=10');
    await openLibrary(page);
    await dropPaths(page, [folder]);
    await expect.poll(async () => (await libraryCounts(page)).failed, { timeout: 300_000 }).toBeGreaterThan(20);

    // The page answers while it works.
    const queue = page.getByRole('region', { name: 'Indexing queue' });
    await queue.getByRole('button', { name: 'Pause' }).click();
    await expect(queue).toContainText('paused');
    await page.getByRole('textbox', { name: 'Filter' }).fill('clip 121');
    await expect(page.getByRole('list', { name: 'Library' }).getByRole('listitem')).toHaveCount(1);
    await page.getByRole('textbox', { name: 'Filter' }).fill('');
    await queue.getByRole('button', { name: 'Resume' }).click();

    const counts = await waitUntilIndexed(page, many + 1, 550_000);
    expect(counts).toEqual({ videos: many + 1, indexed: 1, failed: many, waiting: 0 });
    expect(await cardText(page, 'clip 77.mp4')).toContain(wordsOf('file-not-media'));
    await page.getByRole('textbox', { name: 'Filter' }).fill('state:failed');
    const cards = page.getByRole('list', { name: 'Library' }).getByRole('listitem');
    expect(await cards.count()).toBeLessThan(300);
  });
});
