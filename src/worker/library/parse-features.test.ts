import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { runNumpy, withoutNumpy } from '../../../e2e/fixtures/numpy';
import { AppError } from '../../core/errors';
import { npyHeader, npyStrings } from './npy';
import { writeNpz } from './npz-writer';
import { parseFeatures } from './parse-features';

function npy(descr: string, shape: readonly number[], data: ArrayBufferView, fortran = false): Uint8Array {
  const header = npyHeader(descr, shape);
  if (fortran) header.set(new TextEncoder().encode('True '), new TextDecoder().decode(header).indexOf('False'));
  const file = new Uint8Array(header.length + data.byteLength);
  file.set(header);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return file;
}

const floats = (shape: readonly number[], ...values: number[]) => npy('<f4', shape, Float32Array.from(values));

function npz(arrays: Record<string, Uint8Array>, level: 0 | 6 = 0): Blob {
  const files = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]);
  return new Blob([zipSync(Object.fromEntries(files), { level }) as Uint8Array<ArrayBuffer>]);
}

const paths = npyStrings(['a.mp4', 'b.mp4']);
const sound = { features: floats([2, 2], 1, 2, 3, 4), video_paths: paths };

async function refusal(file: Blob): Promise<AppError> {
  const error = await parseFeatures(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('import-invalid');
  return error as AppError;
}

test.each([0, 6] as const)('a plain file is read, packed at level %i', async (level) => {
  const parsed = await parseFeatures(npz({ ...sound, labels: npyStrings(['x| y', '']) }, level));
  expect(parsed).toMatchObject({ count: 2, dimensions: 2, paths: ['a.mp4', 'b.mp4'], labels: [['x', 'y'], []] });
  expect(parsed.features).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(parsed.description).toBeUndefined();
});

test.each<[string, Uint8Array]>([
  ['float64', npy('<f8', [2, 3], Float64Array.of(0, 0.1, -2, 3, 1e-50, 65504))],
  ['float64 in Fortran order', npy('<f8', [2, 3], Float64Array.of(0, 3, 0.1, 1e-50, -2, 65504), true)],
  ['float32', npy('<f4', [2, 3], Float32Array.of(0, 0.1, -2, 3, 0, 65504))],
])('%s is read as float32, packed or not', async (_, features) => {
  for (const level of [0, 6] as const) {
    const parsed = await parseFeatures(npz({ features, video_paths: paths }, level));
    expect(parsed.features).toEqual(Float32Array.of(0, 0.1, -2, 3, 0, 65504));
  }
});

test.each<[string, Uint8Array]>([
  ['float16', npy('<f2', [2, 2], Uint16Array.of(0x3800, 0xc000, 0x0001, 0x7bff))],
  ['big-endian float16', npy('>f2', [2, 2], Uint16Array.of(0x0038, 0x00c0, 0x0100, 0xff7b))],
  ['float16 in Fortran order', npy('<f2', [2, 2], Uint16Array.of(0x3800, 0x0001, 0xc000, 0x7bff), true)],
])('%s is read as float32', async (_, features) => {
  const parsed = await parseFeatures(npz({ features, video_paths: paths }));
  expect(parsed.features).toEqual(Float32Array.of(0.5, -2, 2 ** -24, 65504));
});

test('big-endian float64 is read as float32', async () => {
  const data = new DataView(new ArrayBuffer(32));
  for (const [i, value] of [1, -0.1, 10, 4].entries()) data.setFloat64(i * 8, value);
  const parsed = await parseFeatures(npz({ features: npy('>f8', [2, 2], data), video_paths: paths }));
  expect(parsed.features).toEqual(Float32Array.of(1, -0.1, 10, 4));
});

test('many pieces of float64 are put together, packed or not', async () => {
  const doubles = Float64Array.from({ length: 50_000 }, (_, i) => Math.sin(i * i));
  for (const level of [0, 6] as const) {
    const parsed = await parseFeatures(npz({ features: npy('<f8', [2, 25_000], doubles), video_paths: paths }, level));
    expect(parsed.features).toEqual(Float32Array.from(doubles));
  }
});

test('texts of no length are read', async () => {
  const parsed = await parseFeatures(npz({ ...sound, labels: npy('<U0', [2], new Uint8Array(0)) }));
  expect(parsed.labels).toEqual([[], []]);
});

test('a cancellation is heard while values are decoded', async () => {
  const file = npz({ features: npy('<f8', [2, 100_000], new Float64Array(200_000)), video_paths: paths });
  const cancel = new AbortController();
  let reads = 0;
  file.slice = (...range) => {
    reads++;
    if (reads === 10) cancel.abort();
    return Blob.prototype.slice.apply(file, range);
  };
  await expect(parseFeatures(file, cancel.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(reads).toBe(10);
});

test('what the writer writes is read back to the bit, whatever the text and the numbers', async () => {
  const rows = fc.integer({ min: 1, max: 20 }).chain((dimensions) =>
    fc.array(
      fc.record({
        path: fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        vector: fc.float32Array({ minLength: dimensions, maxLength: dimensions, noNaN: true, noDefaultInfinity: true }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  );
  await fc.assert(
    fc.asyncProperty(rows, async (list) => {
      const dimensions = list[0]?.vector.length ?? 0;
      const header = npyHeader('<f4', [list.length, dimensions]);
      const pieces = [header, ...list.map(({ vector }) => new Uint8Array(vector.slice().buffer))];
      const texts = npyStrings(list.map(({ path }) => path));
      const arrays = [
        { name: 'features', pieces },
        { name: 'video_paths', pieces: [texts] },
      ];
      const parsed = await parseFeatures(await writeNpz(arrays));
      expect(parsed.paths).toEqual(list.map(({ path }) => path));
      expect(parsed.features).toEqual(Float32Array.from(list.flatMap(({ vector }) => [...vector])));
    }),
    { numRuns: 40 },
  );
}, 60_000);

describe('files that are refused, naming the array and the row', () => {
  test.each<[string, Record<string, Uint8Array>, RegExp, object]>([
    ['no features', { video_paths: paths }, /features is missing; the file has: video_paths/, { array: 'features' }],
    ['no paths', { features: sound.features }, /video_paths is missing/, { array: 'video_paths' }],
    [
      'NaN',
      { ...sound, features: floats([2, 2], 1, 2, 3, Number.NaN) },
      /row 1 holds NaN/,
      { array: 'features', row: 1 },
    ],
    ['infinity', { ...sound, features: floats([2, 2], 1, 2, -Infinity, 0) }, /row 1 holds -Infinity/, { row: 1 }],
    ['a flat array', { ...sound, features: floats([4], 1, 2, 3, 4) }, /shape \(4\)/, {}],
    ['no rows', { ...sound, features: floats([0, 2]) }, /shape \(0, 2\)/, {}],
    ['other length of paths', { ...sound, video_paths: npyStrings(['a']) }, /has 1 rows where features has 2/, {}],
    ['numbers as paths', { ...sound, video_paths: floats([2], 1, 2) }, /video_paths is of type <f4/, {}],
    ['a shape beyond the data', { ...sound, features: floats([2, 9], 1, 2) }, /not the values for it/, {}],
    ['a shape beyond memory', { ...sound, features: floats([2, 2 ** 40], 1, 2) }, /not the values for it/, {}],
    ['complex numbers', { ...sound, features: npy('<c8', [2, 1], new Float32Array(4)) }, /of type <c8/, {}],
    ['dates', { ...sound, features: npy('<M8[s]', [2, 1], new BigInt64Array(2)) }, /of type <M8\[s\]/, {}],
    ['pickled objects', { ...sound, features: npy('|O', [2], new Uint8Array(20)) }, /allow_pickle/, {}],
    ['no array', { ...sound, features: new Uint8Array(200) }, /not a NumPy array/, {}],
    [
      'a code point beyond Unicode',
      { ...sound, video_paths: npy('<U1', [2], Uint32Array.of(65, 0xffffffff)) },
      /row 1/,
      { row: 1 },
    ],
    ['a space that is no JSON', { ...sound, space: npyStrings('{') }, /array space/, { array: 'space' }],
    ['a space of the wrong form', { ...sound, space: npyStrings('{"extractor": 3}') }, /extractor/, {}],
    [
      'float64 beyond float32',
      { ...sound, features: npy('<f8', [2, 2], Float64Array.of(1, 1e39, 2, 3)) },
      /row 0 holds Infinity/,
      { row: 0 },
    ],
    ['text as features', { ...sound, features: npyStrings(['x']) }, /shape \(1\)/, {}],
    ['rows of text', { ...sound, features: npy('<U1', [2, 1], new Uint32Array(2)) }, /of type <U1; numbers/, {}],
    ['labels of another length', { ...sound, labels: npyStrings(['x']) }, /labels has 1 rows/, {}],
    [
      'frames that go back',
      {
        ...sound,
        frame_features: floats([2, 2], 1, 2, 3, 4),
        frame_times: npy('<f8', [2], Float64Array.of(0, 1)),
        frame_offsets: npy('<i8', [3], BigInt64Array.of(0n, 2n, 1n)),
      },
      /frame_offsets goes back at row 2/,
      { row: 2 },
    ],
  ])('%s', async (_, arrays, words, details) => {
    const error = await refusal(npz(arrays));
    expect(error.message).toMatch(words);
    expect(error.details).toMatchObject(details);
  });

  describe('headers that ask for more than the file holds', () => {
    const frames = {
      frame_features: floats([2, 2], 1, 2, 3, 4),
      frame_times: npy('<f8', [2], Float64Array.of(0, 1)),
      frame_offsets: npy('<i8', [3], BigInt64Array.of(0n, 1n, 2n)),
    };
    const nothing = new Uint8Array(0);
    const many = new Uint8Array(5_000_000);
    test.each<[string, Record<string, Uint8Array>, RegExp]>([
      ['paths <U0', { video_paths: npy('<U0', [4_000_000_000], nothing) }, /video_paths unpacks to more/],
      ['paths |S0', { video_paths: npy('|S0', [4_000_000_000], nothing) }, /video_paths unpacks to more/],
      ['labels <U0', { labels: npy('<U0', [4_000_000_000], nothing) }, /labels unpacks to more/],
      ['labels |S0', { labels: npy('|S0', [4_000_000_000], nothing) }, /labels unpacks to more/],
      ['a million paths <U0', { video_paths: npy('<U0', [1_000_000], nothing) }, /has 1000000 rows where features/],
      ['space <U0', { space: npy('<U0', [4_000_000_000], nothing) }, /space unpacks to more/],
      ['no space at all', { space: npy('<U0', [0], nothing) }, /has 0 texts; one is needed/],
      ['one text beyond reason', { labels: npy('<U500000000', [0], nothing) }, /labels unpacks to more/],
      ['paths |S1', { video_paths: npy('|S1', [many.length], many) }, /has 5000000 rows where features has 2/],
      ['labels |S1', { labels: npy('|S1', [many.length], many) }, /has 5000000 rows where features has 2/],
      ['features beyond rows', { features: npy('|i1', [many.length, 1], many) }, /at most 1000000 are taken/],
      ['frame_offsets i1', { frame_offsets: npy('|i1', [many.length], many) }, /5000000 rows; 3 are needed/],
      ['frame_features i1', { frame_features: npy('|i1', [many.length, 1], many) }, /5000000 rows where frame_offsets/],
      [
        'frame_times f8',
        { frame_times: npy('<f8', [many.length / 8], many) },
        /625000 rows where frame_features has 2/,
      ],
      ['frame_times <U0', { frame_times: npy('<U0', [4_000_000_000], nothing) }, /frame_times unpacks to more/],
      ['frame_offsets <U0', { frame_offsets: npy('<U0', [4_000_000_000], nothing) }, /frame_offsets unpacks to more/],
    ])('%s', async (_, arrays, words) => {
      expect((await refusal(npz({ ...sound, ...frames, ...arrays }, 6))).message).toMatch(words);
    });
  });

  test('damage anywhere', async () => {
    const bytes = new Uint8Array(await npz({ ...sound, features: floats([2, 2], 1, 2, 3, 4) }).arrayBuffer());
    expect((await refusal(new Blob([bytes.subarray(0, bytes.length - 30)]))).message).toMatch(/end is missing|damaged/);
    expect((await refusal(new Blob([]))).message).toMatch(/not an .npz file/);
    expect((await refusal(new Blob(['no archive at all, but a text that goes on']))).message).toMatch(/not an .npz/);
    // One byte of the stored values.
    const at = 30 + 'features.npy'.length + 128 + 3;
    const flipped = bytes.slice();
    flipped[at] = (flipped[at] as number) ^ 1;
    expect((await refusal(new Blob([flipped]))).message).toMatch(/features.npy is damaged/);
  });

  test('any flipped byte ends in a refusal or in the same values, never in others or in a crash', async () => {
    const whole = new Uint8Array(await npz(sound, 6).arrayBuffer());
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at] = (flipped[at] as number) ^ 0x41;
      const parsed = await parseFeatures(new Blob([flipped])).catch((reason: unknown) => reason);
      if (parsed instanceof Error) expect(parsed).toMatchObject({ code: 'import-invalid' });
      else expect(parsed).toMatchObject({ features: Float32Array.of(1, 2, 3, 4), paths: ['a.mp4', 'b.mp4'] });
    }
  }, 60_000);

  /** The archive with another size of `features` in its directory. */
  const claiming = async (file: Blob, bytes: number) => {
    const view = new DataView(await file.arrayBuffer());
    let at = view.byteLength - 46;
    while (view.getUint32(at, true) !== 0x02014b50 || view.getUint32(at + 42, true) !== 0) at--;
    view.setUint32(at + 24, bytes, true);
    return new Blob([view.buffer]);
  };

  test('bombs, whether they own up or not', async () => {
    const zeros = new Uint8Array(4 * 1024 * 1024);
    zeros.set(npyHeader('<f4', [(zeros.length - 128) / 4, 1]));
    const file = npz({ ...sound, features: zeros }, 6);
    expect((await refusal(await claiming(file, 2 ** 30))).message).toMatch(/more than is reasonable/);
    expect((await refusal(await claiming(file, 3 * 2 ** 30))).message).toMatch(/more than is reasonable/);
    const header = npyHeader('<f4', [2, 2]);
    const longer = new Uint8Array(header.length + 4_000_000);
    longer.set(header);
    const lying = await claiming(npz({ ...sound, features: longer }, 6), header.length + 16);
    expect((await refusal(lying)).message).toMatch(/larger than the archive says/);
  });
});

describe.skipIf(withoutNumpy)(`files that numpy wrote${withoutNumpy ? `: ${withoutNumpy}` : ''}`, () => {
  const written = async (script: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'npz-'));
    try {
      const path = join(folder, 'x.npz');
      runNumpy(`${script.replaceAll('args[0]', 'sys.argv[1]')}\ngive(0)`, path);
      return await parseFeatures(new Blob([readFileSync(path)]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const values = 'f = np.arange(6).reshape(2, 3) / 8\npaths = ["é/a.mp4", "b 🎬.mp4"]\n';

  test.each([
    [
      'savez_compressed of lists',
      'np.savez_compressed(args[0], features=[r.astype("f4") for r in f], video_paths=paths)',
    ],
    ['savez of float64', 'np.savez(args[0], features=f, video_paths=np.array(paths))'],
    ['big endian float32', 'np.savez(args[0], features=f.astype(">f4"), video_paths=np.array(paths).astype(">U9"))'],
    ['big endian float64', 'np.savez(args[0], features=f.astype(">f8"), video_paths=paths)'],
    ['Fortran order', 'np.savez(args[0], features=np.asfortranarray(f.astype("f4")), video_paths=paths)'],
    ['byte strings', 'np.savez(args[0], features=f, video_paths=np.array([p.encode() for p in paths]))'],
  ])('%s', async (_, script) => {
    const parsed = await written(values + script);
    expect(parsed).toMatchObject({ count: 2, dimensions: 3, paths: ['é/a.mp4', 'b 🎬.mp4'] });
    expect([...parsed.features]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625]);
  });

  test('rows of several axes in Fortran order are flattened as C order would', async () => {
    const parsed = await written(
      'np.savez(args[0], features=np.asfortranarray(np.arange(24.).reshape(2, 3, 4)), video_paths=["a", "b"])',
    );
    expect(parsed.dimensions).toBe(12);
    expect([...parsed.features]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test('pickled objects are refused in plain words', async () => {
    const script = 'np.savez(args[0], features=np.array([[1], [1, 2]], dtype=object), video_paths=["a", "b"])';
    await expect(written(script)).rejects.toThrow(/allow_pickle/);
  });
});
