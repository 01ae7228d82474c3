import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from './fixtures/app';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/axe';
import { openEvaluate } from './fixtures/evaluate-steps';
import { writeFeatures } from './fixtures/features-file';
import { importFeatures, openLibrary } from './fixtures/library-steps';
import { runNumpy, withoutNumpy } from './fixtures/numpy';
import { findSimilar, rankAs, readMatches, type ShownMatch } from './fixtures/search-steps';

/** Ranks all but the first row of argv[1]: cosines of what the stages make of the vectors, and of two descriptors fused. */
const rankings = `
def unit(rows): return rows / np.linalg.norm(rows, axis=-1, keepdims=True)
def read(path):
    data = np.load(path)
    return [name.split('/')[-1] for name in data['video_paths']], data['features'].astype(np.float64)
names, look = read(sys.argv[1])
heard, sound = read(sys.argv[2])
def order(scores):
    best = sorted(range(len(scores)), key=lambda i: -scores[i])[:5]
    return [[names[i + 1], float(scores[i])] for i in best]
cosine = unit(look)[1:] @ unit(look)[0]
root = unit(np.sign(look) * np.sqrt(np.abs(look)))
deviation = root.std(axis=0)
standard = unit((root - root.mean(axis=0)) / (deviation + 0.1 * deviation.mean()))
of_sound = np.full(len(cosine), np.nan)
for name, score in zip(heard[1:], unit(sound)[1:] @ unit(sound)[0]):
    of_sound[names.index(name) - 1] = score
def fuse(parts):
    mean = np.mean([np.nanmean(part) for part in parts])
    deviation = np.mean([np.nanstd(part) for part in parts])
    scaled = [(part - np.nanmean(part)) / np.nanstd(part) * deviation + mean for part in parts]
    return np.mean([np.where(np.isnan(part), mean, part) for part in scaled], axis=0)
def softmax(x): return np.exp(x - x.max()) / np.exp(x - x.max()).sum()
give(dict(original=order(cosine), standardised=order(standard[1:] @ standard[0]), fused=order(fuse([cosine, of_sound])),
    softmax=float(softmax((cosine - 1) / 0.1).max()), sharper=float(softmax((cosine - 1) / 0.05).max()),
    published=float(softmax(1 - softmax(1 - cosine)).max())))
`;
type Ranking = readonly (readonly [name: string, score: number])[];
type Expected = Readonly<
  Record<'original' | 'standardised' | 'fused', Ranking> & Record<'softmax' | 'sharper' | 'published', number>
>;

const closeTo = (matches: readonly ShownMatch[], expected: Ranking) =>
  matches.length === expected.length &&
  matches.every(({ name, similarity }, i) => {
    const [wanted, score] = expected[i] ?? ['', 0];
    return name === wanted && Math.abs(Number(similarity) - score) < 0.0005 + 1e-5;
  });

test.describe('ranking', () => {
  test.skip(withoutNumpy !== undefined, withoutNumpy);
  const root = mkdtempSync(join(tmpdir(), 'reelmatch-ranking-'));
  test.afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('presets, stages, sliders and probability; what each is worth, and fitted weights', async ({ page }) => {
    const [look, sound] = [join(root, 'look.npz'), join(root, 'sound.npz')];
    const classes = { labels: ['Alpha', 'Beta', 'Gamma'], groups: 6, clips: 2 };
    const [query = ''] = (await writeFeatures(look, { ...classes, extractor: 'resnet50' })).map((path) =>
      basename(path),
    );
    await writeFeatures(sound, { ...classes, extractor: 'yamnet', seed: 2, lacking: 12 });
    const expected = runNumpy<Expected>(rankings, look, sound);
    await openLibrary(page);
    for (const file of [look, sound]) {
      await expect(await importFeatures(page, file)).toContainText('vectors imported');
      await page.keyboard.press('Escape');
    }
    await findSimilar(page, query);
    const shown = () => readMatches(page, query);
    const ranksAs = (ranking: Ranking) => expect.poll(async () => closeTo(await shown(), ranking)).toBe(true);

    await test.step('the improved ranking is the default, the original one choice away', async () => {
      const choice = page.getByRole('combobox', { name: 'Ranking', exact: true });
      await expect(choice).toHaveValue('improved');
      expect(closeTo(await shown(), expected.original)).toBe(false);
      await rankAs(page, 'original');
      await ranksAs(expected.original);
    });

    await test.step('a stage that is switched on makes a ranking of one’s own', async () => {
      await page.getByText('How it is ranked').click();
      for (const name of ['Square root of values', 'Standardise over the library']) {
        await page.getByRole('checkbox', { name }).check();
      }
      await ranksAs(expected.standardised);
      await expect(page.getByRole('combobox', { name: 'Ranking', exact: true })).toHaveValue('custom');
      await page.getByText('Advanced', { exact: true }).click();
      await expect(page.getByRole('spinbutton', { name: 'Shrink' })).toHaveValue('0.1');
      await expectAccessible(page, 'the stages of the ranking');
    });

    await test.step('the probability of similarity follows its form and τ', async () => {
      await rankAs(page, 'original');
      const first = page.getByRole('list', { name: 'Matches' }).locator(':scope > li').first();
      const says = (probability: number) => expect(first).toContainText(`probability ${probability.toPrecision(2)}`);
      await says(expected.softmax);
      await page.getByRole('spinbutton', { name: 'τ' }).fill('0.05');
      await says(expected.sharper);
      await page.getByRole('combobox', { name: 'Probability of similarity' }).selectOption('published');
      await says(expected.published);
    });

    await test.step('a slider ranks again at once; who lacks a descriptor is neither near nor far by it', async () => {
      await page.getByRole('slider', { name: 'YAMNet', exact: true }).press('End');
      await ranksAs(expected.fused);
      await page.getByRole('spinbutton', { name: 'Results' }).fill('35');
      const rows = page.getByRole('list', { name: 'Matches' }).locator(':scope > li');
      await expect(rows).toHaveCount(35);
      await expect(rows.filter({ hasText: 'YAMNet none' })).toHaveCount(12);
      await page.setViewportSize({ width: 360, height: 800 });
      await expectNoSidewaysScroll(page, 'the ranking in a narrow window');
      await page.setViewportSize({ width: 1280, height: 720 });
    });

    await test.step('every descriptor and stage is compared, under both protocols', async () => {
      await rankAs(page, 'improved');
      await openEvaluate(page);
      await page.getByLabel('Labels from').selectOption('names');
      await page.getByRole('button', { name: 'Compare descriptors and stages' }).click();
      await expect(page.getByRole('progressbar', { name: 'Experiment' })).toBeHidden({ timeout: 120_000 });
      const table = page.getByRole('table', { name: 'Descriptors and stages' });
      // Two descriptors and their late fusion in five steps, early fusion in two; each under two protocols.
      await expect(table.getByRole('row')).toHaveCount(1 + 2 * (3 * 5 + 2));
      await expect(
        table.getByRole('row', { name: /ResNet-50 \+ YAMNet early all stages group-excluded/ }),
      ).toBeVisible();
      await expectAccessible(page, 'descriptors and stages');
    });

    await test.step('weights are fitted, judged on groups they have not seen, and undone', async () => {
      await page.getByRole('button', { name: 'Fit weights' }).click();
      await expect(page.getByText(/^Fitted weights: /)).toContainText(/100.*Search uses them now/, { timeout: 60_000 });
      await expect(page.getByText(/5 folds, 36 videos/)).toBeVisible();
      await page.getByRole('combobox', { name: 'Descriptor' }).selectOption('weighted');
      await page.getByRole('button', { name: 'Undo' }).click();
      for (const name of ['ResNet-50, %', 'YAMNet, %']) {
        await expect(page.getByRole('spinbutton', { name, exact: true })).toHaveValue('100');
      }
      await page.getByRole('button', { name: 'Run evaluation' }).click();
      await expect(page.getByRole('table', { name: 'Summary' })).toContainText('group-excluded', { timeout: 60_000 });
    });
  });
});
