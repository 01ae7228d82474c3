import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { dropPaths, expect, expectCleanGuard, type Guard, guardContext, test, waitUntilIndexed } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { hasFfmpeg } from './fixtures/clips';
import {
  exported,
  exportedReport,
  microOf,
  openEvaluate,
  runEvaluation,
  type SavedReport,
} from './fixtures/evaluate-steps';
import { writeFeatures } from './fixtures/features-file';
import { generatedClips, generatedLabels } from './fixtures/generated-clips';
import { exportFeatures, importFeatures, openLibrary, startWith } from './fixtures/library-steps';
import { runNumpy, withoutNumpy } from './fixtures/numpy';
import { serveModel } from './fixtures/origin-model';
import { rankAs } from './fixtures/search-steps';
import { sharedModels, sharedVideos, ucf101Clips } from './fixtures/shared-data';
import { tinyNetwork } from './fixtures/tiny-network';

/** Metrics of both protocols from an export. Scores are rounded to float32 as the app's are, ties go to the smaller path;
 * average precision also by scikit-learn, where it is installed, over strict ranks. */
const metricsOfExport = `
import re
data = np.load(sys.argv[1])
names = [path.split('/')[-1] for path in data['video_paths']]
labels = np.array([re.match(r'v_([A-Za-z0-9]+)_g(\\d+)', name).group(1) for name in names])
groups = np.array([re.match(r'(v_[A-Za-z0-9]+_g\\d+)', name).group(1) for name in names])
x = data['features'].astype(np.float64)
unit = (x * (1 / np.sqrt((x * x).sum(axis=1, keepdims=True)))).astype(np.float32).astype(np.float64)
scores = (unit @ unit.T).astype(np.float32)
paths = list(data['video_paths'])
assert paths == sorted(paths)
try:
    from sklearn.metrics import average_precision_score
except ImportError:
    average_precision_score = None
def evaluate(excluded):
    rows = []
    for q in range(len(names)):
        gallery = np.array([i for i in range(len(names)) if not excluded(q, i)])
        order = gallery[np.argsort(-scores[q, gallery], kind='stable')]
        right = labels[order] == labels[q]
        if not right.any(): continue
        ranks = np.flatnonzero(right) + 1
        ap = float(np.mean(np.arange(1, len(ranks) + 1) / ranks))
        if average_precision_score is not None:
            assert abs(ap - average_precision_score(right, -np.arange(len(order)))) < 1e-9
        rows.append([right[0], right[:5].any(), right[:5].mean(), ap])
    return dict(zip(['hit@1', 'hit@5', 'precision@5', 'ap'], np.mean(np.array(rows, dtype=np.float64), axis=0).tolist()))
give({
    'leave-one-out': evaluate(lambda q, i: q == i),
    'group-excluded': evaluate(lambda q, i: groups[q] == groups[i]),
})
`;
const compared = ['hit@1', 'hit@5', 'precision@5', 'ap'] as const;
type Metrics = Readonly<Record<(typeof compared)[number], number>>;

const full = process.env.TEST_FULL === '1';

/** All that would describe the clips too, and takes its time. */
const unasked = [
  'mobilenetv2',
  'colour',
  'clip',
  'wavelet-hash',
  'yamnet',
  'vggish',
  'audio-statistics',
  'motion',
  'video-network',
];

/** Classes of six clips (all of them in the long run), laid out as `<root>/UCF/<class>/<clip>`; the last clip of all lies
 * in `<root>/Later`. */
function layOut(root: string): readonly string[] {
  const labels = sharedVideos ? readdirSync(join(sharedVideos, 'ucf101')).sort() : generatedLabels;
  const paths = (full && sharedVideos ? labels : labels.slice(0, 4)).flatMap((label) => {
    const all = sharedVideos ? ucf101Clips(label) : generatedClips(join(root, 'made', label), label, 6);
    mkdirSync(join(root, 'UCF', label), { recursive: true });
    return (full ? all : all.slice(0, 6)).map((path) => {
      const copy = join(root, 'UCF', label, basename(path));
      copyFileSync(path, copy);
      return `${label}/${basename(path)}`;
    });
  });
  const last = paths.at(-1) ?? '';
  mkdirSync(join(root, 'Later', dirname(last)), { recursive: true });
  renameSync(join(root, 'UCF', last), join(root, 'Later', last));
  return paths;
}

test.describe
  .serial('real clips from labels to report', () => {
    test.skip(!sharedVideos && !hasFfmpeg, 'neither ../shared nor ffmpeg to generate clips is here');
    const indexing = full ? 3_600_000 : 420_000;
    test.setTimeout(420_000);
    const root = mkdtempSync(join(tmpdir(), 'reelmatch-evaluate-'));
    let clips: readonly string[];
    let context: BrowserContext;
    let page: Page;
    let guard: Guard;
    let features: string;
    const reports = new Map<string, { readonly path: string; readonly report: SavedReport }>();

    const openApp = async (browser: Browser) => {
      const opened = await browser.newContext();
      const watched = await guardContext(opened);
      if (!sharedModels) await serveModel(opened, tinyNetwork());
      return { context: opened, guard: watched, page: await opened.newPage() };
    };

    test.beforeAll(async ({ browser }) => {
      // A hook has a timeout of its own.
      test.setTimeout(indexing);
      clips = layOut(root);
      ({ context, guard, page } = await openApp(browser));
      const frames = full ? 8 : 2;
      // Squeezed, as in the native reference that the long run is compared with.
      await startWith(page, { extractorsOff: unasked, instants: { mode: 'uniform', frames }, fit: 'squeeze' });
      await openLibrary(page);
      await dropPaths(page, [join(root, 'UCF')]);
      await waitUntilIndexed(page, clips.length - 1, indexing);
    });
    test.afterEach(() => expectCleanGuard(guard));
    test.afterAll(async () => {
      await context?.close();
      rmSync(root, { recursive: true, force: true });
    });

    test('a labels file says which rows found their video and which did not, and indexes one that lies elsewhere', async () => {
      await openEvaluate(page);
      const lines = clips.map((path) => `${path},${path.split('/')[0]}`);
      const file = join(root, 'labels.csv');
      writeFileSync(file, ['Video File,Label', ...lines, 'YoYo/nowhere.avi,YoYo', 'gone.avi,Archery', ''].join('\r\n'));
      await page.getByLabel('Ground truth').setInputFiles(file);
      const labels = page.getByRole('region', { name: 'Labels', exact: true });
      await expect(labels).toContainText(
        `${clips.length - 1} of ${clips.length + 2} rows found (3 not in the library)`,
      );
      await labels.getByText('3 rows with a remark: why?').click();
      const remarks = labels.getByRole('region', { name: 'Rows with a remark' });
      await expect(remarks).toContainText(`Line ${clips.length + 2}: YoYo/nowhere.avi`);
      await expect(remarks).toContainText(`Line ${clips.length + 1}: ${clips.at(-1)}`);
      await labels.getByLabel('Index the missing ones').setInputFiles(join(root, 'Later'));
      await expect(labels).toContainText('1 file added to the indexing queue');
      await expect(labels).toContainText(`${clips.length} of ${clips.length + 2} rows found (2 not in the library)`, {
        timeout: 120_000,
      });
      await openLibrary(page);
      await waitUntilIndexed(page, clips.length);
    });

    test('both protocols give what numpy computes from the exported vectors', async () => {
      await openLibrary(page);
      features = await exportFeatures(page, { extractor: 'ResNet-50' });
      const kept = join(root, 'features.npz');
      copyFileSync(features, kept);
      features = kept;
      await openEvaluate(page);
      await rankAs(page, 'original');
      for (const protocol of ['leave-one-out', 'group-excluded']) {
        await runEvaluation(page, protocol);
        const path = join(root, `${protocol}.json`);
        copyFileSync(await exported(page, 'Export JSON'), path);
        reports.set(protocol, { path, report: JSON.parse(readFileSync(path, 'utf8')) as SavedReport });
      }
      const table = [...reports].map(([protocol, { report }]) => [
        protocol,
        ...compared.map((metric) => microOf(report, metric).toFixed(6)),
      ]);
      console.log([['protocol', 'Hit@1', 'Hit@5', 'P@5', 'mAP'], ...table].map((row) => row.join('  ')).join('\n'));
      expect(
        reports.get('group-excluded')?.report.leakage?.summary.map(({ metric, micro }) => [metric, micro]),
      ).toEqual(reports.get('leave-one-out')?.report.summary.map(({ metric, micro }) => [metric, micro]));
      test.skip(withoutNumpy !== undefined, withoutNumpy);
      const expected = runNumpy<Readonly<Record<string, Metrics>>>(metricsOfExport, features);
      for (const [protocol, { report }] of reports) {
        for (const metric of compared) {
          const difference = Math.abs(microOf(report, metric) - (expected[protocol]?.[metric] ?? Number.NaN));
          expect(difference, `${metric} under ${protocol}`).toBeLessThan(1e-6);
        }
      }
    });

    test('the report has its tables and figures under their names, and axe finds nothing', async () => {
      for (const name of ['Summary', 'Per class', 'Runtime'])
        await expect(page.getByRole('table', { name })).toBeVisible();
      for (const name of ['Confusion matrix', 'Precision-recall', 'ROC']) {
        await expect(page.getByRole('figure', { name, exact: true })).toBeVisible();
      }
      await expect(page.getByRole('table', { name: 'Most confused pairs' })).toBeAttached();
      await expect(page.getByRole('figure', { name: 'ROC' }).locator('svg path').first()).toBeAttached();
      await expectAccessible(page, 'a report');
    });

    test('every chart is saved as PNG, SVG and CSV, also while its numbers are shown', async () => {
      const charts = page.getByRole('article', { name: 'Report' }).getByRole('figure');
      await expect(charts).toHaveCount(6);
      for (const chart of await charts.all()) {
        const name = (await chart.getByRole('heading').textContent()) ?? '';
        await chart.getByRole('button', { name: `${name}: numbers` }).click();
        await expect(chart.getByRole('table')).toBeVisible();
        const svg = readFileSync(await exported(page, `${name}: save SVG`), 'utf8');
        expect(svg, name).toMatch(/^<svg [\s\S]*<path/);
        expect(svg, name).not.toContain('var(--');
        const png = readFileSync(await exported(page, `${name}: save PNG`));
        expect(png.subarray(1, 4).toString(), name).toBe('PNG');
        expect(png.readUInt32BE(16), `${name}, width`).toBeGreaterThan(200);
        const csv = readFileSync(await exported(page, `${name}: save CSV`), 'utf8');
        expect(csv.split('\r\n').length, name).toBeGreaterThan(3);
        await chart.getByRole('button', { name: `${name}: chart` }).click();
      }
    });

    test('a cell of the matrix, reached by keyboard, shows its queries beside their matches, and they play', async () => {
      const matrix = page.getByRole('figure', { name: 'Confusion matrix' });
      await matrix.getByRole('application').focus();
      await page.keyboard.press('ArrowDown');
      await expect(matrix.getByRole('status')).toContainText('True');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      const cell = page.getByRole('dialog').first();
      await expect(cell).toContainText(/found as|taken for/);
      await expectAccessible(page, 'the queries of a cell');
      await cell
        .getByRole('button', { name: /^Play / })
        .first()
        .click();
      const players = page.getByRole('dialog', { name: 'Match beside the query' });
      await expect
        .poll(
          () =>
            players
              .locator('video')
              .evaluateAll((all) => all.filter((v) => (v as HTMLVideoElement).readyState >= 2).length),
          { timeout: 90_000 },
        )
        .toBe(2);
      await page.keyboard.press('Escape');
      await expect(players).toBeHidden();
      await expect(cell.getByRole('button', { name: /^Play / }).first()).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(matrix.getByRole('application')).toBeFocused();
    });

    test('frame-knn, holdout and a single query', async () => {
      const [first = ''] = clips;
      const one = page.getByRole('region', { name: 'One query' });
      await one.getByLabel('Query').first().fill(basename(first));
      await page.getByRole('listbox').getByRole('option').first().click();
      await expect(one.getByRole('status')).toContainText('precision@5');
      await one.getByRole('spinbutton', { name: 'Matches' }).fill('8');
      await expect(one.getByRole('status')).toContainText('precision@8');
      await expect(one.getByRole('list', { name: 'Top 8' }).getByRole('listitem')).toHaveCount(8);
      const row = one.getByRole('table', { name: 'Confusion matrix of this query' }).getByRole('row').last();
      const counts = await row.getByRole('cell').allTextContents();
      expect(counts.reduce((sum, each) => sum + Number(each), 0)).toBe(8);
      await page.getByRole('combobox', { name: 'Scorer' }).selectOption('frame-knn');
      await page.getByRole('spinbutton', { name: 'Neighbours' }).fill('5');
      await runEvaluation(page, 'holdout');
      await expect(page.getByRole('table', { name: 'Summary' })).toContainText('Frame accuracy');
      await page.getByRole('combobox', { name: 'Scorer' }).selectOption('ranked');
    });

    test('kept, opened again after a reload, compared, and exported as HTML without footage', async () => {
      await runEvaluation(page, 'leave-one-out');
      await page.getByLabel('Name of the report').fill('Loose');
      await page.getByRole('button', { name: 'Keep' }).click();
      const kept = page.getByRole('table', { name: 'Reports' });
      await expect(kept.getByRole('row', { name: /Loose/ })).toContainText('leave-one-out');
      await runEvaluation(page, 'group-excluded');
      await kept.getByRole('button', { name: 'Compare' }).click();
      await expect(page.getByRole('table', { name: 'Comparison of reports' })).toContainText('Hit@1');
      await expect(page.getByRole('region', { name: 'Comparison' })).toBeInViewport();
      await expect(page.getByRole('alert')).toContainText('different protocols');
      await expectAccessible(page, 'a comparison');
      const html = readFileSync(await exported(page, 'Export HTML'), 'utf8');
      expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(6);
      expect(html).not.toMatch(/<script|<img|<video|url\(http|src=|href="http/);
      expect(readFileSync(await exported(page, 'Export LaTeX'), 'utf8')).toContain('\\toprule');
      expect(readFileSync(await exported(page, 'Export CSV'), 'utf8')).toMatch(/^Metric,Protocol,/);
      await page.reload();
      await page.getByRole('table', { name: 'Reports' }).getByRole('button', { name: 'Open' }).click();
      await expect(page.getByRole('table', { name: 'Summary' })).toContainText('leave-one-out');
      // The labels are those of the library now, which are the same: nothing has changed but where they come from.
      await expect(page.getByText(/Changed since this report/)).toHaveCount(0);
      const reports = page.getByRole('table', { name: 'Reports' });
      await reports.getByRole('button', { name: 'Delete' }).click();
      await expect(page.getByText('None is kept here yet')).toBeVisible();
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(reports.getByRole('row', { name: /Loose/ })).toBeVisible();
    });

    test('in a fresh profile, a report run again on imported features gives the same numbers', async ({ browser }) => {
      const fresh = await openApp(browser);
      await openLibrary(fresh.page);
      await expect(await importFeatures(fresh.page, features)).toContainText(`${clips.length} vectors imported`);
      await fresh.page.keyboard.press('Escape');
      await openEvaluate(fresh.page);
      for (const { path } of reports.values()) {
        await fresh.page.getByLabel('Open a report').setInputFiles(path);
        await fresh.page.getByRole('button', { name: 'Run again as the report says' }).click();
        await expect(fresh.page.getByText('every number is the same')).toBeVisible({ timeout: 60_000 });
      }
      expectCleanGuard(fresh.guard);
      await fresh.context.close();
    });
  });

test.describe('labels and reports that are not as they should be', () => {
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-labels-'));
  const features = join(root, 'features.npz');
  let paths: readonly string[];
  test.beforeAll(async () => {
    paths = await writeFeatures(features, { labels: ['Alpha', 'Beta', 'Gamma'], groups: 4, clips: 2 });
  });
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  const start = async (page: Page) => {
    await openLibrary(page);
    await expect(await importFeatures(page, features)).toContainText('24 vectors imported');
    await page.keyboard.press('Escape');
    await openEvaluate(page);
  };
  const give = async (page: Page, name: string, content: string | Buffer) => {
    const file = join(root, name);
    writeFileSync(file, content);
    await page.getByLabel('Ground truth').setInputFiles(file);
    return page.getByRole('region', { name: 'Labels', exact: true });
  };

  test('empty page, narrow window, and what labels files can hold', async ({ page }) => {
    await page.goto('/#/evaluate');
    await expect(page.getByText('Your library is empty')).toBeVisible();
    await expectAccessible(page, 'nothing to evaluate');
    await start(page);

    const pipes = await give(page, 'pipes.csv', 'Video File#Label\na.avi#Alpha\n');
    await expect(pipes).toContainText('1 row with a remark');
    await pipes.getByText('why?').click();
    await expect(pipes).toContainText('Line 1: pipes.csv. The first line must name the columns Video File and Label');
    await expect(page.getByRole('button', { name: 'Run evaluation' })).toBeDisabled();

    const utf16 = Buffer.from(`\ufeffLabel;Video File\r\n"Al;pha";${paths[0]}\r\nAlpha;${paths[1]}\r\n`, 'utf16le');
    await expect(await give(page, 'utf16.csv', utf16)).toContainText('2 of 2 rows found: 2 classes');

    const lines = paths.map((path, i) => `${path},${i % 3 === 0 ? '__proto__' : `"=cmd|' /c calc'!A1"`}`);
    const hostile = [
      'Video File,Label',
      ...lines,
      `${paths[0]},Other`,
      `${paths[1]?.split('/').at(-1)},Again`,
      'no.avi,x',
    ];
    const read = await give(page, 'hostile.csv', hostile.join('\n'));
    // The second cell holds two labels, parted by its bar.
    await expect(read).toContainText('24 of 26 rows found (1 not in the library, 1 named twice)');
    await read.getByText('why?').click();
    await expect(read).toContainText('is already on line 2 with another label');
    await runEvaluation(page, 'group-excluded');
    await expect(page.getByRole('table', { name: 'Per class' })).toContainText('__proto__');
    await page.getByRole('combobox', { name: 'Table to save as CSV' }).selectOption('classes');
    const csv = readFileSync(await exported(page, 'Export CSV'), 'utf8');
    expect(csv).toContain('__proto__');
    expect(csv).toContain("'=cmd");
    expect(csv).not.toMatch(/(^|[,"\n])=cmd/);

    await page.setViewportSize({ width: 360, height: 800 });
    await expectNoSidewaysScroll(page, 'a report in a narrow window');
    await expectAccessible(page, 'a report in a narrow window');
  });

  test('a run is held, goes on to the same numbers, and is cancelled', async ({ page }, info) => {
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    const many = Array.from({ length: 10 }, (_, i) => `Class${i}`);
    const file = info.outputPath('many.npz');
    await writeFeatures(file, { labels: many, groups: 5, clips: 4 });
    await page.goto('/#/library');
    await openLibrary(page);
    await expect(await importFeatures(page, file)).toContainText('200 vectors imported');
    await page.keyboard.press('Escape');
    await openEvaluate(page);
    await page.getByLabel('Labels from').selectOption('names');
    await expect(page.getByText('10 classes')).toBeVisible();
    await runEvaluation(page, 'group-excluded');
    const through = await exportedReport(page);

    const bar = page.getByRole('progressbar', { name: 'Evaluation' });
    await page.getByRole('button', { name: 'Run evaluation' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText(/^Paused\. /)).toBeVisible();
    // What was on its way when it was held has come.
    await page.waitForTimeout(500);
    const held = await bar.getAttribute('aria-valuenow');
    await page.waitForTimeout(1500);
    expect(await bar.getAttribute('aria-valuenow')).toBe(held);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(bar).toBeHidden({ timeout: 120_000 });
    expect((await exportedReport(page)).summary).toEqual(through.summary);

    const summary = page.getByRole('table', { name: 'Summary' });
    const before = await summary.textContent();
    await page.getByRole('button', { name: 'Run evaluation' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(bar).toBeHidden();
    expect(await summary.textContent()).toBe(before);
  });

  test('one class, a class of one video, no split, no vectors', async ({ page }) => {
    await start(page);
    const one = paths.slice(0, 8).map((path) => `${path},Only`);
    await give(page, 'one.csv', ['Video File,Label', ...one].join('\n'));
    await runEvaluation(page, 'leave-one-out');
    await expect(page.getByRole('table', { name: 'Most confused pairs' })).toBeAttached();
    expect(microOf(await exportedReport(page), 'hit@1')).toBe(1);

    await give(page, 'single.csv', ['Video File,Label', ...one, `${paths[9]},Single`].join('\n'));
    await expect(page.getByRole('region', { name: 'Labels', exact: true })).toContainText(
      '9 of 9 rows found: 2 classes',
    );
    await runEvaluation(page, 'leave-one-out');
    await expect(page.getByRole('article', { name: 'Report' })).toContainText('1 query left out');
    expect((await exportedReport(page)).excluded).toHaveLength(1);

    await page.getByRole('combobox', { name: 'Protocol' }).selectOption('official-split');
    await page.getByRole('button', { name: 'Run evaluation' }).click();
    await expect(page.getByRole('alert')).toContainText('names no train and test videos');
    // The report before it is still there.
    await expect(page.getByRole('table', { name: 'Summary' })).toContainText('leave-one-out');

    await page.getByRole('combobox', { name: 'Scorer' }).selectOption('frame-knn');
    await page.getByRole('combobox', { name: 'Protocol' }).selectOption('leave-one-out');
    await page.getByRole('button', { name: 'Run evaluation' }).click();
    await expect(page.getByRole('alert')).toContainText('no frame vectors');
    await expectAccessible(page, 'an evaluation that failed');
  });

  test('many classes: the line of those not drawn opens too, and says which class each clip is of', async ({
    page,
  }) => {
    await start(page);
    // Two videos a class, of different looks: most are taken for another class.
    await give(page, 'many.csv', ['Video File,Label', ...paths.map((path, i) => `${path},Class${i % 12}`)].join('\n'));
    await runEvaluation(page, 'leave-one-out');
    const { confusion, dataSet } = await exportedReport(page);
    const matrix = page.getByRole('figure', { name: 'Confusion matrix' });
    await matrix.getByRole('combobox', { name: 'Classes' }).selectOption('5 most confused + other');
    await matrix.getByRole('application').focus();
    await page.keyboard.press('ArrowDown');
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
    }
    const told = await matrix.getByRole('status').textContent();
    const counted = Number(/^True other, predicted other: (\d+)/.exec(told ?? '')?.[1]);
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(confusion.top1.counts.reduce((sum, each) => sum + each, 0));
    await page.keyboard.press('Enter');
    const cell = page.getByRole('dialog', { name: '7 other classes, found as one of them' });
    await expect(cell).toContainText(counted === 1 ? '1 query' : `${counted} queries`);
    await expect(cell.getByRole('list').first()).toContainText(new RegExp(` · (${dataSet.classes.join('|')})`));
    await expectAccessible(page, 'the queries of the classes not drawn');
    await page.keyboard.press('Escape');
    await expect(matrix.getByRole('application')).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Class\d+ taken for 7 other classes$/ })).toBeVisible();
  });

  test('a matrix that is too large for a PNG says so, and is saved as SVG', async ({ page }) => {
    test.skip(!process.env.TEST_FULL, 'a long run: npm run test:full');
    const large = join(root, 'large.npz');
    const labels = Array.from({ length: 400 }, (_, i) => `Class${i}`);
    await writeFeatures(large, { labels, groups: 1, clips: 2, dimensions: 4 });
    await openLibrary(page);
    await expect(await importFeatures(page, large)).toContainText('800 vectors imported');
    await page.keyboard.press('Escape');
    await openEvaluate(page);
    await page.getByRole('combobox', { name: 'Labels from' }).selectOption('names');
    await runEvaluation(page, 'leave-one-out');
    const matrix = page.getByRole('figure', { name: 'Confusion matrix' });
    await matrix.getByRole('slider', { name: 'Zoom' }).press('End');
    await matrix.getByRole('button', { name: 'Confusion matrix: save PNG' }).click();
    await expect(matrix.getByRole('alert')).toContainText('save it as SVG');
    const svg = readFileSync(await exported(page, 'Confusion matrix: save SVG'), 'utf8');
    expect(svg).toMatch(/^<svg [\s\S]*Class399/);
    await expect(matrix.getByRole('alert')).toHaveCount(0);
  });

  test('lists of a split, dropped on the page: its test videos ask, its train videos are found', async ({ page }) => {
    await start(page);
    const names = paths.map((path) => path.split('/').slice(1).join('/'));
    const lists = {
      'classInd.txt': ['1 Alpha', '2 Beta', '3 Gamma'],
      'trainlist01.txt': names
        .filter((name) => !name.includes('_g01_'))
        .map((name) => `${name} ${' ABG'.indexOf(name[0] ?? '')}`),
      'testlist01.txt': names.filter((name) => name.includes('_g01_')),
    };
    const files = Object.entries(lists).map(([name, lines]) => {
      const file = join(root, name);
      writeFileSync(file, `${lines.join('\r\n')}\r\n`);
      return file;
    });
    await dropPaths(page, files);
    await expect(page.getByRole('region', { name: 'Labels', exact: true })).toContainText(
      '24 of 24 rows found: 3 classes, 12 groups',
    );
    await runEvaluation(page, 'official-split');
    await expect(page.getByRole('article', { name: 'Report' })).toContainText(
      '6 of 6 queries answered in a gallery of 18',
    );
    await expect(page.getByRole('table', { name: 'Published results' })).toContainText('MVCGC');
    await expectAccessible(page, 'a report beside published results');
  });

  test('a report edited by hand is refused, naming the place; the one on screen stays', async ({ page }) => {
    await start(page);
    await page.getByLabel('Labels from').selectOption('names');
    await runEvaluation(page, 'group-excluded');
    const report = JSON.parse(readFileSync(await exported(page, 'Export JSON'), 'utf8'));
    const open = async (name: string, content: string) => {
      const file = join(root, name);
      writeFileSync(file, content);
      await page.getByLabel('Open a report').setInputFiles(file);
    };
    report.summary[0].micro += 0.01;
    await open('better.json', JSON.stringify(report));
    await expect(page.getByRole('alert')).toContainText(/line \d+: summary\[0\]\.micro/);
    await open('cut.json', '{\n "format": "reelmatch-evaluation",\n "version": }');
    await expect(page.getByRole('alert')).toContainText('line 3');
    await open('other.json', '{"format":"something"}');
    await expect(page.getByRole('alert')).toContainText('format');
    await expect(page.getByRole('table', { name: 'Summary' })).toContainText('group-excluded');
  });

  test('labels written to the library are found by its filter and by Ctrl+K, and saved as a labels file', async ({
    page,
  }) => {
    await start(page);
    const row = `${paths[0]},Alpha|Blue,"A title, quoted",Some words,night|rain`;
    const labels = await give(page, 'told.csv', `Video File,Label,Title,Description,Tags\n${row}\n`);
    await labels.getByRole('button', { name: 'Write to the library' }).click();
    await expect(labels).toContainText('1 video labelled');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(labels).not.toContainText('1 video labelled');
    await openLibrary(page);
    await expect(page.getByRole('button', { name: 'Export labels' })).toBeDisabled();
    await openEvaluate(page);
    await labels.getByRole('button', { name: 'Write to the library' }).click();
    await expect(labels).toContainText('1 video labelled');
    await openLibrary(page);
    await page.getByRole('textbox', { name: 'Filter' }).fill('rain');
    await expect(page.getByText('1 listed')).toBeVisible();
    const saved = readFileSync(await exported(page, 'Export labels'), 'utf8');
    expect(saved).toContain(`${paths[0]},Alpha|Blue,Alpha_g01,,"A title, quoted",Some words,night|rain`);

    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Command' }).fill('rain');
    await page.getByRole('button', { name: /A title, quoted.*Find similar/ }).click();
    await expect(page.getByRole('list', { name: 'Matches' }).locator(':scope > li')).toHaveCount(5);
  });
});
