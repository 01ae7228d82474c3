import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import { makeClip } from './fixtures/generated-clips';
import { openLibrary, startWith } from './fixtures/library-steps';
import { native } from './fixtures/native-ffmpeg';
import { serveModel } from './fixtures/origin-model';
import { openSearch, searchWith } from './fixtures/search-steps';
import { sharedVideos, ucf101Clips } from './fixtures/shared-data';

test.skip(!hasFfmpeg, 'Clips and their edits are made by native ffmpeg, which is not here.');
const full = Boolean(process.env.TEST_FULL);
test.setTimeout(full ? 1_800_000 : 400_000);

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-an'];
/** Seconds by which an end of a segment may be beside the truth. */
const tolerance = 0.5;

/** From and to, seconds, in the query and in the library's video. */
type Segment = readonly [queryFrom: number, queryTo: number, matchFrom: number, matchTo: number];
type Truth = { readonly path: string; readonly expected: Readonly<Record<string, readonly Segment[]>> };

let root: string;
test.beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'reelmatch-moments-'));
});
test.afterAll(() => rmSync(root, { recursive: true, force: true }));
test.beforeEach(({ context }) => serveModel(context, undefined));

const at = (name: string) => join(root, name);

/** Scenes of at least four seconds that have nothing to do with one another, all of one size and rate. */
function scenes(): string[] {
  const count = full ? 16 : 8;
  const real = sharedVideos
    ? readdirSync(join(sharedVideos, 'ucf101'))
        .sort()
        .flatMap((label) => {
          const isLong = (path: string) => seconds(path) > 4.4;
          const clips = ucf101Clips(label);
          return [clips.find(isLong) ?? [], full ? (clips.findLast(isLong) ?? []) : []].flat();
        })
    : Array.from({ length: count }, (_, i) => {
        const kinds = [
          `cellauto=s=80x60:r=25:rule=110:seed=${i + 4}:ratio=0.5:scroll=1:full=1`,
          `life=s=40x30:r=4:mold=10:ratio=0.3:seed=${i + 11}:death_color=0x204020:life_color=0x60ff60:mold_color=0x103010`,
          // Colours that are not named are other ones every time, whatever the seed.
          `gradients=s=160x120:r=25:seed=${i + 1}:speed=0.05:n=4:c0=orange:c1=navy:c2=white:c3=green`,
          `mandelbrot=s=160x120:r=25:start_scale=${3 - i / 4}:end_scale=0.2:end_pts=150`,
        ];
        return makeClip(at(`made-${i}.mp4`), kinds[i % kinds.length] ?? '', 5);
      });
  return real.slice(0, count).map((path, i) => {
    const scene = at(`scene-${i}.mp4`);
    native('ffmpeg', [
      '-v',
      'error',
      '-i',
      path,
      '-t',
      '6',
      '-r',
      '25',
      '-vf',
      'scale=320:240,setsar=1',
      ...h264,
      scene,
    ]);
    return scene;
  });
}

function seconds(path: string): number {
  const asked = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Number(native('ffprobe', asked).output.toString());
}

function edit(name: string, source: string, [from, to]: readonly [number, number], ...changes: string[]): string {
  const codec = name.endsWith('.webm') ? ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'] : h264;
  const part = ['-ss', String(from), '-t', String(to - from)];
  native('ffmpeg', ['-v', 'error', ...part, '-i', source, ...changes, ...codec, '-an', at(name)]);
  return at(name);
}

/** Parts of scenes one after another. */
function joined(name: string, parts: readonly (readonly [scene: string, from: number, to: number])[]): string {
  const inputs = parts.flatMap(([scene, from, to]) => ['-ss', String(from), '-t', String(to - from), '-i', scene]);
  const graph = `${parts.map((_, i) => `[${i}:v]`).join('')}concat=n=${parts.length}:v=1[v]`;
  native('ffmpeg', ['-v', 'error', ...inputs, '-filter_complex', graph, '-map', '[v]', ...h264, at(name)]);
  return at(name);
}

async function occurrencesOf(page: Page, path: string): Promise<Map<string, Segment[]>> {
  await searchWith(page, path);
  await page.getByRole('button', { name: 'Where does this clip occur?' }).click();
  const section = page.getByRole('region', { name: 'Occurrences' });
  await expect(section.getByRole('status')).toContainText(/In \d+ of \d+ video/, { timeout: 60_000 });
  const names = await section
    .getByRole('button', { name: /^Play / })
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  const found = new Map<string, Segment[]>();
  for (const name of names) {
    const [, a, b, c, d, video = ''] =
      /^Play (?:(\S+)–(\S+) of the query|the picture) = (\S+?)(?:–(\S+))? here, in (.+)$/.exec(name) ?? [];
    const [qFrom = 0, qTo = 0, from = 0, to = 0] = [a, b, c, d].map((clock = '') => {
      const [minutes = 0, rest = 0] = clock.split(':').map(Number);
      return 60 * minutes + rest;
    });
    found.set(video, [...(found.get(video) ?? []), [qFrom, qTo, from, to]]);
  }
  return found;
}

class Tally {
  right = 0;
  found = 0;
  expected = 0;

  add(found: ReadonlyMap<string, readonly Segment[]>, expected: Truth['expected']): void {
    for (const name of new Set([...found.keys(), ...Object.keys(expected)])) {
      const left = [...(found.get(name) ?? [])];
      this.found += left.length;
      for (const segment of expected[name] ?? []) {
        this.expected++;
        const hit = left.findIndex((one) => one.every((time, i) => Math.abs(time - (segment[i] ?? 0)) <= tolerance));
        if (hit < 0) continue;
        left.splice(hit, 1);
        this.right++;
      }
    }
  }

  get recall() {
    return this.right / Math.max(1, this.expected);
  }
  get precision() {
    return this.right / Math.max(1, this.found);
  }
}

test('where a clip occurs is found within half a second, drawn, and played in step', async ({ page }) => {
  const all = scenes();
  const scene = (i: number) => all[i % all.length] ?? '';
  /** Library videos of four scenes of four seconds each. */
  const longs = Array.from({ length: all.length / 4 }, (_, i) =>
    joined(
      `long-${i}.mp4`,
      [0, 1, 2, 3].map((j) => [scene(4 * i + j), 0, 4] as const),
    ),
  );
  const begins = (i: number) => 4 * (i % 4);
  const long = (i: number) => `long-${Math.floor((i % all.length) / 4)}.mp4`;

  await startWith(page, {
    extractorsOff: ['resnet50', 'mobilenetv2', 'clip', 'yamnet', 'vggish', 'audio-statistics', 'motion'],
  });
  await openLibrary(page);
  await page.getByLabel('Add videos').setInputFiles(longs);
  await waitUntilIndexed(page, longs.length);
  await openSearch(page);

  const numbers = full ? all.map((_, i) => i) : [1, 6];
  const part = (i: number): Truth['expected'] => ({ [long(i)]: [[0, 2.6, begins(i) + 0.9, begins(i) + 3.5]] });
  const cut = [0.9, 3.5] as const;
  const kinds: Readonly<Record<string, (i: number) => Truth>> = {
    trim: (i) => ({ path: edit(`trim-${i}.mp4`, scene(i), cut), expected: part(i) }),
    're-encode': (i) => ({
      path: edit(`coded-${i}.webm`, scene(i), cut, '-vf', 'scale=160:120', '-b:v', '90k'),
      expected: part(i),
    }),
    concatenation: (i) => {
      const other = i + 3;
      const segment = (which: number, from: number): Segment => [
        from,
        from + 2.4,
        begins(which) + 1,
        begins(which) + 3.4,
      ];
      const own = segment(i, 2.4);
      const before = segment(other, 0);
      return {
        path: joined(`joined-${i}.mp4`, [
          [scene(other), 1, 3.4],
          [scene(i), 1, 3.4],
        ]),
        expected:
          long(i) === long(other) ? { [long(i)]: [before, own] } : { [long(other)]: [before], [long(i)]: [own] },
      };
    },
    crop: (i) => ({
      path: edit(`crop-${i}.mp4`, scene(i), cut, '-vf', 'crop=iw*0.8:ih*0.8,scale=320:240'),
      expected: part(i),
    }),
    mirror: (i) => ({ path: edit(`mirror-${i}.mp4`, scene(i), cut, '-vf', 'hflip'), expected: part(i) }),
    speed: (i) => ({
      path: edit(`fast-${i}.mp4`, scene(i), [0, 4], '-vf', 'setpts=PTS/1.25'),
      expected: { [long(i)]: [[0, 3.2, begins(i), begins(i) + 4]] },
    }),
  };

  // Croppings and other speeds are not judged: the long run tells how many are found.
  const tried = Object.entries(kinds).filter(([kind]) => full || !['crop', 'speed'].includes(kind));
  const judged = new Tally();
  for (const [kind, make] of tried) {
    await test.step(kind, async () => {
      const own = new Tally();
      const isJudged = ['trim', 're-encode', 'concatenation'].includes(kind);
      for (const i of kind === 'trim' || full ? numbers : numbers.slice(0, 1)) {
        const { path, expected } = make(i);
        const found = await occurrencesOf(page, path);
        own.add(found, expected);
        if (isJudged) judged.add(found, expected);
      }
      console.log(
        `${kind}: recall ${own.recall.toFixed(3)}, precision ${own.precision.toFixed(3)} of ${own.expected} segments (${sharedVideos ? 'real' : 'generated'} clips)`,
      );
    });
  }
  expect(judged.recall, 'recall on trims, re-encodes and concatenations').toBeGreaterThanOrEqual(0.9);
  expect(judged.precision, 'precision on trims, re-encodes and concatenations').toBeGreaterThanOrEqual(0.9);

  await test.step('the matrix, both timelines, and playing in step from a segment', async () => {
    const parts = [scene(0), scene(1), scene(4)].map((one) => [one, 1, 3] as const);
    const query = joined('journey.mp4', parts);
    const found = await occurrencesOf(page, query);
    expect([...found.keys()].sort()).toEqual(['long-0.mp4', 'long-1.mp4']);
    await expectAccessible(page, 'Search, occurrences');
    const match = page.getByRole('list', { name: 'Matches' }).locator(':scope > li').filter({ hasText: 'long-0.mp4' });
    await match.getByRole('button', { name: 'Where?' }).click();
    const dialog = page.getByRole('dialog', { name: 'Match beside the query' });
    await expect(dialog.getByRole('img', { name: /Similarity of \d+ frames of the query/ })).toBeVisible();
    const segments = dialog.getByRole('list', { name: 'Parts in both' }).getByRole('button');
    await expect(segments).toHaveCount(2);
    const second = segments.nth(1);
    await second.focus();
    await page.keyboard.press('Enter');
    await expect(second).toHaveAttribute('aria-pressed', 'true');
    // Scene 1 begins at 2 s of the query with what is at 5 s of the long video: the two stay 3 s apart.
    const apart = async () => {
      const [a = 0, b = 0] = await dialog
        .locator('video')
        .evaluateAll((videos) => videos.map((one) => (one as HTMLVideoElement).currentTime));
      return a > 2 ? Math.abs(b - a - 3) : Infinity;
    };
    await expect.poll(apart).toBeLessThan(0.6);
    await expectAccessible(page, 'Moments');
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(page, 'Moments, narrow');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expectNoSidewaysScroll(page, 'Occurrences, narrow');
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  await test.step('a still image is found where it is shown; plain and sounding queries are told or left out', async () => {
    native('ffmpeg', ['-v', 'error', '-ss', '2', '-i', scene(1), '-frames:v', '1', at('still.png')]);
    expect([...(await occurrencesOf(page, at('still.png'))).keys()]).toEqual(['long-0.mp4']);
    native('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=c=gray:s=160x120:r=10',
      '-t',
      '1',
      ...h264,
      at('plain.mp4'),
    ]);
    await page.getByLabel('Query video').setInputFiles(at('plain.mp4'));
    await expect(page.getByRole('heading', { name: 'plain.mp4' })).toBeVisible();
    await page.getByRole('button', { name: 'Where does this clip occur?' }).click();
    await expect(page.getByRole('region', { name: 'Occurrences' })).toContainText('dark or plain throughout');
    native('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=f=500', '-t', '1', at('tone.wav')]);
    await page.getByLabel('Query video').setInputFiles(at('tone.wav'));
    await expect(page.getByRole('heading', { name: basename('tone.wav') })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Where does this clip occur?' })).toHaveCount(0);
  });
});
