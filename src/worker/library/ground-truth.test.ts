import { expect, test } from 'vitest';
import type { VideoRecord } from '../../core/video';
import { readGroundTruth } from './ground-truth';

const video = (path: string): VideoRecord => ({
  id: path,
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: [],
  labels: [],
});
const videos = ['class1/video1.mp4', 'class2/video2.mp4'].map(video);
const read = (parts: BlobPart[], options = {}) =>
  readGroundTruth({ from: 'files', files: [new File(parts, 'labels.csv')] }, videos, options);

/** `Video File,Label` and a row a video, of which the library has the second and third. */
function manyRows(rows: number): string {
  const lines = ['Video File,Label'];
  for (let i = 0; i < rows; i++) lines.push(`class${i % 101}/video${i}.mp4,class${i % 101}`);
  return lines.join('\n');
}

test('other calls are answered while many rows are read', async () => {
  // The million is read in the browser, by the long end-to-end tests.
  const rows = 300_000;
  const stages = new Map<string, number>();
  let turns = 0;
  let reading = true;
  const others = (async () => {
    while (reading) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
  })();
  const found = await read([manyRows(rows)], {
    onProgress: ({ stage, fraction = 0 }: { stage: string; fraction?: number }) => {
      expect(fraction).toBeGreaterThanOrEqual(stages.get(stage) ?? 0);
      stages.set(stage, fraction);
    },
  });
  reading = false;
  await others;
  expect(found).toMatchObject({ rows, counts: { missing: rows - 2, file: 0 } });
  expect(found.truth.map(({ id }) => id)).toEqual(videos.map(({ id }) => id));
  expect([found.problems.length, found.missingPaths.length]).toEqual([200, 20_000]);
  expect([...stages.keys()]).toEqual(['Reading labels', 'Finding the videos', 'Listing what was not found']);
  expect(turns).toBeGreaterThan(20);
  const end = await found.listing.slice(-200).text();
  expect(end.trimEnd().split('\r\n').at(-1)).toBe(
    '300001,class29/video299999.mp4,missing,No video of this name is in the library.',
  );
}, 180_000);

test('reading stops when it is told to', async () => {
  const stopped = new AbortController();
  const reading = read([manyRows(300_000)], { signal: stopped.signal, onProgress: () => stopped.abort() });
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
});

const text = `Label;Video File\r\n"Ärger;""x""";class1/video1.mp4\r\nB;class2/video2.mp4\r\n`;
// Long enough that pieces end within characters and line ends.
const long = `Label;Video File\r\n${'Ä;nowhere.mp4\r\n'.repeat(60_000)}${text.slice(text.indexOf('\n') + 1)}`;
const utf16 = (from: string, littleEndian: boolean) => {
  const bytes = new DataView(new ArrayBuffer(2 * from.length));
  for (let i = 0; i < from.length; i++) bytes.setUint16(2 * i, from.charCodeAt(i), littleEndian);
  return bytes.buffer;
};

test.each([
  ['UTF-8', text],
  ['UTF-8 with a byte order mark', `\ufeff${text}`],
  ['UTF-16 little-endian with a mark', utf16(`\ufeff${text}`, true)],
  ['UTF-16 big-endian with a mark', utf16(`\ufeff${text}`, false)],
  ['UTF-16 without a mark', utf16(text, true)],
  ['long UTF-8', long],
  ['long UTF-16', utf16(`\ufeff${long}`, true)],
])('labels in %s', async (_, content) => {
  const { truth } = await read([content]);
  expect(truth).toEqual([
    { id: 'class1/video1.mp4', labels: ['Ärger;"x"'] },
    { id: 'class2/video2.mp4', labels: ['B'] },
  ]);
});

test('labels in Windows-1252 are read as such, and the line is told from which on', async () => {
  const letters = Uint8Array.from(`Video File,Label\nclass2/video2.mp4,B\nclass1/video1.mp4,\xc4rger\n`, (letter) =>
    letter.charCodeAt(0),
  );
  const { truth, problems, counts } = await read([letters]);
  expect(truth.map(({ labels }) => labels)).toEqual([['B'], ['Ärger']]);
  expect(counts.file).toBe(1);
  expect(problems[0]).toMatchObject({ kind: 'file', line: 3, path: 'labels.csv' });
});

test('many rows with a wrong delimiter, and a file that is no text, are told at once', async () => {
  const wrong = await read([manyRows(100_000).replaceAll(',', '#')]);
  expect(wrong).toMatchObject({ rows: 0, truth: [], counts: { file: 1 }, problems: [{ kind: 'file', line: 1 }] });
  expect(wrong.problems[0]?.reason).toContain('Video File#Label');
  const noise = await read([Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251)]);
  expect(noise).toMatchObject({ rows: 0, counts: { file: 1 } });
});

test('several files are read together; the first row of a video stands', async () => {
  const files = [
    new File(['Video File,Label\nclass1/video1.mp4,A\n'], 'one.csv'),
    new File(['Video File,Label\nclass1/video1.mp4,B\nclass2/video2.mp4,C\n'], 'two.csv'),
  ];
  const { truth, problems } = await readGroundTruth({ from: 'files', files }, videos);
  expect(truth.map(({ labels }) => labels)).toEqual([['A'], ['C']]);
  expect(problems).toHaveLength(1);
});

test('of several files each problem names its own', async () => {
  const files = [
    new File(['Video File,Label\nclass1/video1.mp4,A\n'], 'one.csv'),
    new File(['Video File,Label\nclass2/video2.mp4,B\nclass1/video1.mp4,C\n'], 'two.csv'),
  ];
  const { problems } = await readGroundTruth({ from: 'files', files }, videos);
  expect(problems).toMatchObject([{ kind: 'file', line: 3, path: 'two.csv' }]);
  expect(problems[0]?.reason).toContain('line 2 of one.csv');
});
