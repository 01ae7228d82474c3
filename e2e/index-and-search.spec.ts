import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import {
  dropPaths,
  expect,
  expectCleanGuard,
  type Guard,
  guardContext,
  libraryCounts,
  test,
  waitUntilIndexed,
} from './fixtures/app';
import { type ClipSet, labelOf, prepareClips } from './fixtures/clip-set';
import { hasFfmpeg } from './fixtures/clips';
import { exportFeatures, importFeatures, openLibrary, startWith } from './fixtures/library-steps';
import { runNumpy, withoutNumpy } from './fixtures/numpy';
import { serveModel } from './fixtures/origin-model';
import {
  findSimilar,
  openSearch,
  rankAs,
  readMatches,
  type ShownMatch,
  searchOnlyBy,
  searchWith,
} from './fixtures/search-steps';
import { sharedModels } from './fixtures/shared-data';
import { tinyNetwork } from './fixtures/tiny-network';

/** Ranks rows of an export by cosine: for every name of argv[2], its best five among the names of argv[3], itself left out. */
const rankRows = `
data = np.load(sys.argv[1])
names = [path.split('/')[-1] for path in data['video_paths']]
unit = data['features'] / np.linalg.norm(data['features'], axis=1, keepdims=True)
among = [names.index(name) for name in json.loads(sys.argv[3])]
ranking = {}
for name in json.loads(sys.argv[2]):
    row = names.index(name)
    scores = unit[among] @ unit[row]
    order = [i for i in np.argsort(-scores, kind='stable') if among[i] != row][:5]
    ranking[name] = [[names[among[i]], float(scores[i])] for i in order]
give(ranking)
`;
type Ranking = Readonly<Record<string, readonly (readonly [string, number])[]>>;

const names = (paths: readonly string[]) => JSON.stringify(paths.map((path) => basename(path)));

/** Equal order, and the texts the rounded scores. */
function expectRanking(shown: readonly ShownMatch[], expected: Ranking[string] | undefined, query: string): void {
  expect(
    shown.map(({ name }) => name),
    `order for ${query}`,
  ).toEqual(expected?.map(([name]) => name));
  for (const [i, { similarity }] of shown.entries()) {
    const away = Math.abs(Number(similarity) - (expected?.[i]?.[1] ?? Number.NaN));
    expect(away, `similarity of rank ${i + 1} for ${query}`).toBeLessThan(0.0005 + 1e-5);
  }
}

test.describe
  .serial('a library of 36 clips', () => {
    let root: string;
    let set: ClipSet;
    let context: BrowserContext;
    let page: Page;
    let guard: Guard;
    /** What the interface showed for each query, by its name. */
    const shown = new Map<string, readonly ShownMatch[]>();
    let exported: string;

    const openApp = async (browser: Browser) => {
      const opened = await browser.newContext();
      const watched = await guardContext(opened);
      if (!sharedModels) await serveModel(opened, tinyNetwork());
      return { context: opened, guard: watched, page: await opened.newPage() };
    };

    test.skip(!hasFfmpeg, 'Clips and still images are made by native ffmpeg, which is not here.');
    test.setTimeout(600_000);
    test.beforeAll(async ({ browser }) => {
      root = mkdtempSync(join(tmpdir(), 'reelmatch-search-'));
      set = prepareClips(root);
      ({ context, page, guard } = await openApp(browser));
    });
    test.afterAll(async () => {
      await context?.close();
      rmSync(root, { recursive: true, force: true });
      if (guard) expectCleanGuard(guard);
    });

    test('a dropped folder is indexed, labelled by its folders', async () => {
      // What is asserted of is appearance and colour; the other descriptors have specs of their own.
      await startWith(page, {
        extractorsOff: ['mobilenetv2', 'clip', 'wavelet-hash', 'motion', 'yamnet', 'vggish', 'audio-statistics'],
      });
      await openLibrary(page);
      await dropPaths(page, [set.folder]);
      expect(await waitUntilIndexed(page, 36, 550_000)).toEqual({ videos: 36, indexed: 36, failed: 0, waiting: 0 });
      await page.getByRole('textbox', { name: 'Filter' }).fill(`label:${set.labels[0]}`);
      await expect(page.getByRole('list', { name: 'Library' }).getByRole('listitem')).toHaveCount(6);
      await page.getByRole('textbox', { name: 'Filter' }).fill('');
    });

    test('the first match of at least 9 of 12 queries is of their class', async () => {
      await openSearch(page);
      // The plain ranking is what the numbers below are computed for.
      await rankAs(page, 'original');
      for (const query of set.queries) shown.set(basename(query), await searchWith(page, query));
      const hits = [...shown].filter(([query, [first]]) => labelOf(first?.name ?? '') === labelOf(query));
      console.log(`First match of the query's class: ${hits.length} of ${shown.size} queries`);
      expect(shown.size).toBe(12);
      for (const [query, matches] of shown) expect(matches, query).toHaveLength(5);
      expect(hits.length).toBeGreaterThanOrEqual(9);
    });

    test('an AVI query plays, and a match beside it from its matched moment', async () => {
      const query = basename(set.queries.at(-1) ?? '');
      expect(query).toMatch(/\.avi$/);
      await page.evaluate(() => {
        const seen: { label: string; time: number }[] = [];
        Reflect.set(window, 'startedAt', seen);
        const note = ({ target }: Event) => {
          if (target instanceof HTMLVideoElement)
            seen.push({ label: target.getAttribute('aria-label') ?? '', time: target.currentTime });
        };
        document.addEventListener('play', note, true);
      });
      const panel = page.getByRole('region', { name: 'Query' });
      await panel.getByRole('button', { name: 'Make playable' }).click();
      const alone = panel.locator('video');
      await expect(alone).toBeVisible({ timeout: 60_000 });
      await alone.evaluate((video: HTMLVideoElement) => {
        video.muted = true;
        return video.play();
      });
      const time = (label: string) =>
        page.locator(`[role=dialog] video[aria-label="${label}"]`).evaluate((v: HTMLVideoElement) => v.currentTime);
      await expect.poll(() => alone.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.2);

      const match = shown.get(query)?.[0]?.name ?? '';
      await page.getByRole('list', { name: 'Matches' }).getByRole('button', { name: 'Play' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Match beside the query' });
      const words = dialog.getByText('Position 0 is the matched moment');
      const [, queryMoment, matchMoment] = /: ([\d:.]+) in the query, ([\d:.]+) in the match/.exec(
        (await words.textContent()) ?? '',
      ) as RegExpExecArray;
      const seconds = (clock = '') => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
      const started = async (label: string) =>
        (await page.evaluate(() => Reflect.get(window, 'startedAt') as { label: string; time: number }[]))
          .filter((event) => event.label === label)
          .at(-1)?.time ?? Number.NaN;
      await expect.poll(() => started(`Match: ${match}`), { timeout: 60_000 }).not.toBeNaN();
      expect(Math.abs((await started(`Match: ${match}`)) - seconds(matchMoment))).toBeLessThan(0.25);
      expect(Math.abs((await started(`Query: ${query}`)) - seconds(queryMoment))).toBeLessThan(0.25);
      for (const label of [`Match: ${match}`, `Query: ${query}`]) {
        await expect.poll(() => time(label)).toBeGreaterThan((await started(label)) + 0.05);
      }
      await dialog.getByRole('button', { name: 'Close the players' }).click();
      await expect(dialog).toBeHidden();
    });

    test('the order and the scores are those numpy computes from the export', async () => {
      test.skip(withoutNumpy !== undefined, withoutNumpy);
      await openLibrary(page);
      await page.getByLabel('Add videos').setInputFiles([...set.queries]);
      await waitUntilIndexed(page, 48, 400_000);
      exported = await exportFeatures(page, { extractor: 'ResNet-50', frames: true });
      const ranking = runNumpy<Ranking>(rankRows, exported, names(set.queries), names(set.clips));
      for (const [query, matches] of shown) expectRanking(matches, ranking[query], query);

      const item = basename(set.clips[0] ?? '');
      await findSimilar(page, item);
      const similar = runNumpy<Ranking>(rankRows, exported, names([item]), names([...set.clips, ...set.queries]));
      shown.set(item, await readMatches(page, item));
      expectRanking(shown.get(item) ?? [], similar[item], item);
    });

    test('frame vectors in the export agree with the mean vectors and with the matched moments', async () => {
      test.skip(withoutNumpy !== undefined, withoutNumpy);
      const [first] = page.url().includes('video=') ? (shown.get(basename(set.clips[0] ?? '')) ?? []) : [];
      const row = page.getByRole('list', { name: 'Matches' }).locator(':scope > li').first();
      const [, minutes, seconds] = /best at (\d+):(\d\d)/.exec((await row.textContent()) ?? '') as RegExpExecArray;
      const checked = runNumpy<{ shapes: boolean; means: number; best: number; shown: number }>(
        `
data = np.load(sys.argv[1])
names = [path.split('/')[-1] for path in data['video_paths']]
frames, offsets, times = data['frame_features'], data['frame_offsets'], data['frame_times']
def unit(rows): return rows / np.linalg.norm(rows, axis=-1, keepdims=True)
means = np.stack([frames[a:b].mean(axis=0) for a, b in zip(offsets, offsets[1:])])
def of(name):
    row = names.index(name)
    return slice(offsets[row], offsets[row + 1])
query, match = of(sys.argv[2]), of(sys.argv[3])
pairs = (unit(frames[match]) @ unit(frames[query]).T).max(axis=1)
at = np.floor(times[match] + 1e-6) == int(sys.argv[4])
give(dict(
    shapes=bool(len(offsets) == len(names) + 1 and offsets[-1] == len(frames) == len(times) and frames.dtype == np.float32),
    means=float((unit(means) * unit(data['features'])).sum(axis=1).min()),
    best=float(pairs.max()),
    shown=float(pairs[at].max())))
`,
        exported,
        basename(set.clips[0] ?? ''),
        first?.name ?? '',
        String(Number(minutes) * 60 + Number(seconds)),
      );
      expect(checked.shapes).toBe(true);
      expect(checked.means).toBeGreaterThanOrEqual(0.999);
      expect(checked.shown).toBeGreaterThan(checked.best - 0.002);
    });

    test('clips of the same source can be hidden', async () => {
      const item = basename(set.clips[0] ?? '');
      const source = item.replace(/_c\d+\..*/, '');
      await page.getByRole('spinbutton', { name: 'Results' }).fill('47');
      const rows = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
      await expect.poll(() => rows.count()).toBeGreaterThan(5);
      const all = await readMatches(page, item);
      expect(all.filter(({ name }) => name.startsWith(source))).not.toHaveLength(0);
      await page.getByRole('switch', { name: 'Hide clips of the same source' }).check({ force: true });
      await expect(rows.filter({ hasText: source })).toHaveCount(0);
      const others = await readMatches(page, item);
      expect(others.map(({ name }) => name)).toEqual(
        all.map(({ name }) => name).filter((name) => !name.startsWith(source)),
      );
      await page.getByRole('switch', { name: 'Hide clips of the same source' }).uncheck({ force: true });
      await page.getByRole('spinbutton', { name: 'Results' }).fill('5');
      await expect(rows).toHaveCount(5);
    });

    test('another descriptor ranks the same query again', async () => {
      const item = basename(set.clips[0] ?? '');
      const before = await readMatches(page, item);
      await searchOnlyBy(page, 'Colour');
      const scores = async () => (await readMatches(page, item)).map(({ similarity }) => similarity);
      await expect.poll(scores).not.toEqual(before.map(({ similarity }) => similarity));
      expect((await readMatches(page, item)).every(({ name }) => name !== item)).toBe(true);
      await searchOnlyBy(page, 'ResNet-50');
      await expect.poll(() => readMatches(page, item)).toEqual(before);
    });

    test('a still image finds the clip it was taken from', async () => {
      const clip = set.clips.at(-1) ?? '';
      const still = join(root, 'still.png');
      execFileSync('ffmpeg', ['-v', 'error', '-y', '-ss', '0.5', '-i', clip, '-frames:v', '1', still]);
      const matches = await searchWith(page, still);
      expect(matches[0]?.name).toBe(basename(clip));
      await expect(page.getByRole('region', { name: 'Query' }).getByRole('img', { name: 'still.png' })).toBeVisible();
    });

    test('an export is imported into an empty library and searched there', async ({ browser }) => {
      test.skip(withoutNumpy !== undefined, withoutNumpy);
      const fresh = await openApp(browser);
      await openLibrary(fresh.page);
      const dialog = await importFeatures(fresh.page, exported);
      await expect(dialog.getByRole('status')).toContainText('48 vectors imported');
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await libraryCounts(fresh.page)).toEqual({ videos: 48, indexed: 48, failed: 0, waiting: 0 });
      const item = basename(set.clips[0] ?? '');
      await findSimilar(fresh.page, item);
      await rankAs(fresh.page, 'original');
      await expect.poll(() => readMatches(fresh.page, item)).toEqual(shown.get(item));
      expectCleanGuard(fresh.guard);
      await fresh.context.close();
    });

    test('a features file that is not sound is refused in words, and nothing is lost', async () => {
      test.skip(withoutNumpy !== undefined, withoutNumpy);
      await openLibrary(page);
      await page.getByRole('textbox', { name: 'Filter' }).fill('');
      const before = await libraryCounts(page);
      const text = join(root, 'text.npz');
      writeFileSync(text, 'This is no archive.');
      runNumpy<null>(
        `
root = sys.argv[1]
paths = np.array(['a.mp4', 'b.mp4'])
rows = np.ones((2, 8), np.float32)
holes = rows.copy(); holes[1, 3] = np.nan
np.savez(root + '/nan.npz', features=holes, video_paths=paths)
np.savez(root + '/flat.npz', features=rows.ravel(), video_paths=paths)
np.savez(root + '/short.npz', features=rows, video_paths=paths[:1])
np.savez(root + '/object.npz', features=np.array([[1, None], [2, {}]], object), video_paths=paths)
np.savez(root + '/unnamed.npz', vectors=rows)
give(None)
`,
        root,
      );
      const reasons = {
        'text.npz': /zip|archive|npz/i,
        'nan.npz': /row 1 holds NaN/,
        'flat.npz': /shape/,
        'short.npz': /video_paths.*1.*2/s,
        'object.npz': /features.*(object|type)/is,
        'unnamed.npz': /features/,
      };
      for (const [name, reason] of Object.entries(reasons)) {
        const dialog = await importFeatures(page, join(root, name));
        await expect(dialog.getByRole('alert'), name).toContainText('Nothing was changed');
        await expect(dialog.getByRole('alert'), name).toContainText(reason);
        await dialog.getByRole('button', { name: 'Close' }).click();
        await expect(dialog).toBeHidden();
      }
      expect(await libraryCounts(page)).toEqual(before);
    });
  });
