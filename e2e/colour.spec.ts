import { expect, test, waitUntilIndexed } from './fixtures/app';
import { ClipFolder, hasFfmpeg } from './fixtures/clips';
import { exportFeatures, openLibrary, startWith } from './fixtures/library-steps';
import { runNumpy, withoutNumpy } from './fixtures/numpy';
import { serveModel } from './fixtures/origin-model';
import { rankAs, readMatches } from './fixtures/search-steps';

test.skip(!hasFfmpeg, 'Clips are made by native ffmpeg, which is not here.');
test.skip(withoutNumpy !== undefined, withoutNumpy);

/** Structural similarity of the strips of argv[2] with those of the others, window by window. */
const structural = `
from numpy.lib.stride_tricks import sliding_window_view
data = np.load(sys.argv[1])
names = [path.split('/')[-1] for path in data['video_paths']]
pictures = data['features'].astype(np.float64).reshape(len(names), 20, 100, 3)
def ssim(a, b):
    x, y = (sliding_window_view(p, (7, 7), axis=(0, 1)).reshape(14, 94, 3, 49) for p in (a, b))
    mx, my = x.mean(-1), y.mean(-1)
    covariance = ((x - mx[..., None]) * (y - my[..., None])).sum(-1) / 48
    first, second = 2 * mx * my + 1e-4, 2 * covariance + 9e-4
    return (first * second / ((mx**2 + my**2 + 1e-4) * (x.var(-1, ddof=1) + y.var(-1, ddof=1) + 9e-4))).mean()
own = names.index(sys.argv[2])
give({name: ssim(pictures[own], pictures[i]) for i, name in enumerate(names) if i != own})
`;

test('colours are compared by squared error, or as pictures by their structure', async ({ page, context }) => {
  const folder = new ClipFolder();
  const clips = folder.clips(2, ['red', 'blue', 'bars', 'counter']);
  for (const file of ['resnet50.onnx', 'yamnet.onnx']) await serveModel(context, undefined, file);
  await startWith(page, {
    extractorsOff: ['resnet50', 'mobilenetv2', 'clip', 'wavelet-hash', 'yamnet', 'vggish', 'audio-statistics'],
  });
  await openLibrary(page);
  await page.getByLabel('Add videos').setInputFiles(clips);
  expect(await waitUntilIndexed(page, clips.length)).toMatchObject({ indexed: clips.length, failed: 0 });
  const query = 'counter-0.mp4';
  const expected = runNumpy<Record<string, number>>(
    structural,
    await exportFeatures(page, { extractor: 'Colour' }),
    query,
  );

  await page.getByRole('textbox', { name: 'Filter' }).fill(query);
  await expect(page.getByRole('list', { name: 'Library' }).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Find similar' }).click();
  await rankAs(page, 'original');
  const squared = await readMatches(page, query);
  expect(squared[0]?.name).toBe('counter-1.mp4');
  await page.getByText('How it is ranked').click();
  await page.getByRole('combobox', { name: 'Distance' }).selectOption('ssim');
  await expect(page.getByText(/Strips of colour by brightness, contrast and structure/)).toBeVisible();
  await expect.poll(() => readMatches(page, query)).not.toEqual(squared);
  const shown = await readMatches(page, query);
  const best = Object.entries(expected).sort(([, a], [, b]) => b - a);
  expect(shown.map(({ name }) => name)).toEqual(best.slice(0, shown.length).map(([name]) => name));
  for (const { name, similarity } of shown) {
    // Stored strips are rounded.
    expect(Math.abs(Number(similarity) - (expected[name] ?? Number.NaN)), name).toBeLessThan(0.002);
  }
  folder.dispose();
});
