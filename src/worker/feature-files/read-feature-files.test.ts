import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import h5wasm from 'h5wasm/node';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import type { Example } from './example';
import { formatOf } from './formats';
import { hdf5Examples } from './hdf5-features';
import { readFeatureFiles } from './read-feature-files';
import type { ScratchFile } from './record-store';

// Written by h5py, numpy and a TFRecord writer of its own: fixtures/make_fixtures.py.
const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));
const file = (name: string, bytes: Uint8Array | string = fixture(name)) => new File([bytes as BlobPart], name);

function memoryScratch(): { opened: number; openScratch: () => Promise<ScratchFile> } {
  const scratch = {
    opened: 0,
    openScratch: async () => {
      scratch.opened++;
      let bytes = new Uint8Array(0);
      return {
        write(written: Uint8Array, at: number) {
          const grown = new Uint8Array(Math.max(bytes.length, at + written.length));
          grown.set(bytes);
          grown.set(written, at);
          bytes = grown;
        },
        read: (out: Uint8Array, at: number) => out.set(bytes.subarray(at, at + out.length)),
        close: () => undefined,
      };
    },
  };
  return scratch;
}

const read = (files: readonly File[], inMemory = 1 << 28) =>
  readFeatureFiles(files, { ...memoryScratch(), inMemory }, {});
const reason = async (files: readonly File[]): Promise<string> => {
  try {
    await read(files);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.code} ${error.details.file}: ${error.details.reason}`;
  }
  return '';
};
const dequantised = (byte: number) => expect.closeTo(byte * (4 / 255) + 4 / 512 - 2, 5);

describe('YouTube-8M and AudioSet', () => {
  it('are read at video level, packed or not', async () => {
    const { examples, vectors, summary } = await read([file('video-level.tfrecord')]);
    expect(examples.map(({ path, labels }) => [path, labels])).toEqual([
      ['vid0', ['3']],
      ['vid1', ['3', '300']],
      ['vid2', []],
      ['vid3', ['7']],
    ]);
    expect([...vectors.read([0, 3])]).toEqual([
      ...[-1, -0.875, -0.75, -0.625, -0.5, -0.375, 0, 0.25],
      ...[1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 1.5, 1.75],
    ]);
    expect(summary).toMatchObject({
      formats: ['TFRecord'],
      examples: 4,
      dimensions: 8,
      labels: 3,
      rareLabels: 3,
      unlabelled: 1,
      severalLabels: 1,
      moments: undefined,
      split: false,
    });
  });

  it('are read at frame level, bytes made numbers', async () => {
    const { examples, vectors, moments, summary } = await read([file('frame-level.tfrecord')]);
    expect(examples.map(({ labels }) => labels)).toEqual([
      ['0', '5'],
      ['1', '5'],
    ]);
    expect(summary).toMatchObject({ dimensions: 8, moments: { width: 8, most: 16 } });
    // The mean over all 20 steps: of bytes 12 i, i = 0..19, at column 0; sound at column 6.
    const [first] = vectors.read([0]);
    expect(first).toEqual(dequantised(114));
    expect(vectors.read([1])[6]).toEqual(dequantised(1 + 12 * 9.5));
    // Evenly 16 of 20 steps: 0, 1, 3, 4 ..., kept as signed bytes.
    const row = moments?.read([0]) as Float32Array;
    expect(row).toHaveLength(16 * 9);
    expect(row.subarray(16 * 8).every((there) => there === 1)).toBe(true);
    expect(row[0]).toBeCloseTo(4 / 512 - 2, 1);
    expect(row[2 * 8]).toBeCloseTo(36 * (4 / 255) + 4 / 512 - 2, 1);
  });

  it('are read from AudioSet', async () => {
    const { examples, vectors } = await read([file('audioset.tfrecord')]);
    expect(examples).toMatchObject([{ path: 'abc', labels: ['0', '137'] }]);
    expect([...vectors.read([0])]).toEqual([dequantised(54), dequantised(60)]);
  });

  it('name the record that is damaged, or cut off', async () => {
    const bytes = Uint8Array.from(fixture('video-level.tfrecord'));
    const length = (at: number) => new DataView(bytes.buffer).getUint32(at, true);
    const second = 16 + length(0);
    const damaged = bytes.slice();
    damaged[second + 40] = (damaged[second + 40] as number) ^ 1;
    expect(await reason([file('a.tfrecord', damaged)])).toBe(
      'features-file-invalid a.tfrecord: record 2: its checksum is wrong, so the file was damaged there',
    );
    expect(await reason([file('a.tfrecord', bytes.subarray(0, second + 30))])).toContain('record 2 is cut off');
    const lost = bytes.slice();
    lost[second] = 1;
    expect(await reason([file('a.tfrecord', lost)])).toContain('record 2: the checksum of its length is wrong');
    const first = bytes.slice();
    first[0] = 200;
    expect(await reason([file('train-0.tfrecord', first)])).toContain('record 1: the checksum of its length is wrong');
    expect(await reason([file('a.tfrecord-00001-of-00010', bytes.subarray(0, 5))])).toContain('record 1 is cut off');
  });
});

describe('numpy', () => {
  it('writes vectors with labels and frames', async () => {
    const { examples, vectors, moments, summary } = await read([file('vectors.npz')]);
    expect(examples.map(({ path, labels }) => [path, labels])).toEqual([
      ['a/x.mp4', ['one']],
      ['b/y.mp4', ['one', 'two']],
      ['b/z.mp4', []],
    ]);
    expect([...vectors.read([2, 0])]).toEqual([4, 5, 0, 1]);
    expect(summary).toMatchObject({ unlabelled: 1, severalLabels: 1, moments: { width: 2 } });
    const row = moments?.read([1]) as Float32Array;
    expect([...row]).toEqual([expect.closeTo(4, 1), expect.closeTo(5, 1), 0, 0, 1, 0]);
  });

  it('writes moments and parts', async () => {
    const { examples, vectors, summary } = await read([file('moments.npz')]);
    expect(examples).toMatchObject([
      { path: 'row 0', labels: ['1'], split: 'train' },
      { labels: ['2'], split: 'test' },
    ]);
    expect([...vectors.read([0, 1])]).toEqual([2, 3, 8, 9]);
    expect(summary).toMatchObject({ split: true, moments: { width: 2 } });
  });
});

describe('numbers of numpy', () => {
  it.each(['f2', 'f4', 'f8', 'u1', 'u2', 'u4', 'u8', 'i1', 'i2', 'i4', 'i8'])('are read of type %s', async (type) => {
    const { examples, vectors } = await read([file(`numbers-${type}.npz`)]);
    expect([...vectors.read([0, 1])]).toEqual([0, 1, 2, 3, 100, 5]);
    expect(examples.map(({ labels }) => labels)).toEqual([['3'], ['4']]);
  });

  it('lie column by column, with labels as a column of truths', async () => {
    const { examples, vectors, moments } = await read([file('columns.npz')]);
    expect([...vectors.read([1, 0])]).toEqual([3, 100, 5, 0, 1, 2]);
    expect(examples.map(({ labels }) => labels)).toEqual([['1'], ['0']]);
    const row = moments?.read([1]) as Float32Array;
    expect([...row]).toEqual([...[2, 3, 4, 5].map((value) => expect.closeTo(value, 1)), 1, 1]);
  });

  it('name a part to validate on', async () => {
    const { examples, summary } = await read([file('parts.npz')]);
    expect(examples.map(({ split }) => split)).toEqual(['train', 'train', 'validation', 'validation', 'test', 'test']);
    expect(examples[1]?.labels).toEqual(['1']);
    expect(summary.split).toBe(true);
  });
});

describe('h5py', () => {
  // WORKERFS reads slices of a file where a worker can; here the file lies in the reader's own file system.
  const sets = async (name: string, bytes: Uint8Array = fixture(name)): Promise<readonly Example[]> => {
    const library = await h5wasm.ready;
    const path = `/${crypto.randomUUID()}`;
    library.FS.writeFile(path, bytes);
    const found: Example[] = [];
    const open = () => new h5wasm.File(path, 'r');
    for await (const some of hdf5Examples(open, library, { onRead: () => undefined, moments: 4 })) found.push(...some);
    return found;
  };

  it('writes one set of all', async () => {
    const found = await sets('merged.h5');
    expect(found).toHaveLength(6);
    expect(found[2]).toMatchObject({ labels: ['Diving'], at: 'row 2 of feature_vectors' });
    expect([...(found[2]?.vector ?? [])]).toEqual([1.5, 1.75, 2]);
    expect((await sets('colours.h5')).map(({ vector, labels }) => [[...vector], labels])).toEqual([
      [[0, 1, 2, 3, 4, 5], ['YoYo']],
      [[6, 7, 8, 9, 10, 11], ['Diving']],
    ]);
    const [, second] = await sets('sound.h5');
    expect(second).toMatchObject({ labels: ['11'], moments: { width: 4 } });
    expect([...(second?.vector ?? [])]).toEqual([58, 59, 60, 61]);
  });

  it('writes a set a video', async () => {
    const found = await sets('videos.h5');
    const ids = found.map(({ id }) => id).sort();
    expect(ids).toEqual(['data/UCF101/v_Diving_g02_c01.avi', 'data/UCF101/v_YoYo_g01_c01.avi']);
    const yoyo = found.find(({ id }) => id?.includes('YoYo'));
    expect([...(yoyo?.vector ?? [])]).toEqual([14, 15, 16, 17]);
    expect(yoyo?.moments?.values).toHaveLength(16);
  });

  it('writes other things, which are named', async () => {
    await expect(sets('other.h5')).rejects.toThrow(/neither feature_vectors.* it has: weights/);
  });

  it('writes halves, whole numbers and columns of labels', async () => {
    const [first, second] = await sets('half.h5');
    expect([...(first?.vector ?? []), ...(second?.vector ?? [])]).toEqual([0.5, -2, 65504, expect.closeTo(1 / 3, 3)]);
    expect([first?.labels, second?.labels]).toEqual([['1'], ['0']]);
    const [video] = await sets('half-sets.h5');
    expect([...(video?.vector ?? [])]).toEqual([2, 3]);
    const whole = await sets('whole.h5');
    expect(whole.map(({ vector, labels }) => [[...vector], labels])).toEqual([
      [[1, -2], ['7']],
      [[2 ** 40, 3], ['9']],
    ]);
  });

  it('compresses, and names the row that was damaged, or the compression that is not known', async () => {
    const bytes = Uint8Array.from(fixture('compressed.h5'));
    const found = await sets('compressed.h5', bytes);
    expect(found.map(({ vector }) => vector[0])).toEqual(found.map((_, row) => 3 * row + 1));
    // The third chunk of five rows: zlib's header and what follows.
    const starts = [...bytes.keys()].filter((at) => bytes[at] === 0x78 && bytes[at + 1] === 0x5e);
    expect(starts).toHaveLength(4);
    bytes.fill(0xff, (starts[2] as number) + 4, (starts[2] as number) + 12);
    await expect(sets('compressed.h5', bytes)).rejects.toMatchObject({
      code: 'features-file-invalid',
      message: 'row 10 of feature_vectors is damaged or cut off',
    });
    await expect(sets('lzf.h5')).rejects.toMatchObject({
      code: 'features-file-invalid',
      message: 'row 0 of feature_vectors is compressed by lzf; gzip is known here',
    });
    // What was there before is read as ever.
    expect(await sets('merged.h5')).toHaveLength(6);
  });

  it('is cut off', async () => {
    const bytes = fixture('compressed.h5');
    await expect(sets('compressed.h5', bytes.subarray(0, (bytes.length * 2) / 3))).rejects.toMatchObject({
      code: 'features-file-invalid',
      message: 'this HDF5 file is damaged or cut off',
    });
  });

  it('is known by its first bytes', async () => {
    expect((await formatOf(file('merged.h5'))).name).toBe('HDF5');
  });
});

describe('CSV', () => {
  const csv = (text: string, name = 'a.csv') => file(name, text);

  it('has ids, labels, groups, parts and numbers', async () => {
    const { examples, vectors } = await read([
      csv('id,labels,group,split,f0,f1\nx,cat|dog,g1,train,1,-2.5\ny,dog,g2,test,3e2,0\n'),
    ]);
    expect(examples).toMatchObject([
      { path: 'x', labels: ['cat', 'dog'], group: 'g1', split: 'train' },
      { path: 'y', labels: ['dog'], group: 'g2', split: 'test' },
    ]);
    expect([...vectors.read([0, 1])]).toEqual([1, -2.5, 300, 0]);
  });

  it.each([
    ['id,x0,x1\na,1,2\n', 'the first line names no column “labels”; it begins: id, x0, x1'],
    ['id,labels,x0\na,cat,1\nb,dog\n', 'line 3 has 2 cells where the first line has 3'],
    ['id,labels,x0\na,cat,one\n', 'line 2, column “x0” holds “one”, which is no number'],
    ['id,labels,x0\na,cat,\n', 'line 2, column “x0” is empty'],
    ['id,labels,x0\na,cat,NaN\n', 'line 2: value 0 is NaN, which nothing can be learnt from'],
    ['id,labels,x0\na,cat,1e60\n', 'line 2: value 0 is Infinity'],
    ['id,labels\na,cat\n', 'names no column of numbers'],
    ['id,labels,x0\n', 'there is no example in it'],
    ['id,labels,x0\na,,1\n', 'none of its 1 examples has a label'],
  ])('says what is wrong with %j', async (text, words) => {
    expect(await reason([csv(text)])).toContain(words);
  });

  it('comes as a train and a test file, or as shards', async () => {
    const rows = (from: number) => `id;labels;v\n${from};a;${from}\n${from + 1};b;${from + 1}\n`;
    const parted = await read([csv(rows(0), 'my_train.csv'), csv(rows(2), 'validate01.csv')]);
    expect(parted.examples.map(({ split }) => split)).toEqual(['train', 'train', 'test', 'test']);
    const all = ['a_train.csv', 'a-val.csv', 'a_eval.csv', 'valentine.csv'].map((name, i) => csv(rows(2 * i), name));
    expect((await read(all)).examples.map(({ split }) => split)).toEqual(
      ['train', 'validation', 'test', undefined].flatMap((part) => [part, part]),
    );
    const columns = (last: string) => csv(`id,labels,split,v\na,x,train,1\nb,y,val,2\nc,x,${last},3\n`);
    expect((await read([columns('test')])).examples.map(({ split }) => split)).toEqual(['train', 'validation', 'test']);
    expect((await read([columns('train')])).examples.map(({ split }) => split)).toEqual(['train', 'test', 'train']);
    const shards = await read([csv(rows(0), 'train-0.csv'), csv(rows(2), 'train-1.csv')]);
    expect(shards.examples.map(({ split }) => split)).toEqual([undefined, undefined, undefined, undefined]);
    expect(shards.summary).toMatchObject({ examples: 4, files: [{ name: 'train-0.csv' }, { name: 'train-1.csv' }] });
    expect(await reason([csv(rows(0), 'a.csv'), csv('id,labels,v,w\nx,a,1,2\n', 'b.csv')])).toContain(
      'b.csv: line 2 has 2 values where the examples before have 1',
    );
  });
});

it('refuses what is none of them', async () => {
  expect(await reason([file('a.bin', Uint8Array.of(1, 2, 3))])).toContain('it begins as none of these do: HDF5, .npz');
  expect(await reason([file('a.csv', '')])).toContain('the file is empty');
});

it('gives any failure of reading as one of the file, but for what memory lacks', async () => {
  const failing = (error: Error) => {
    const given = file('a.csv', 'id,labels,x0\na,cat,1\n');
    const blob = new Blob();
    blob.arrayBuffer = () => Promise.reject(error);
    given.slice = (_, to) => (to === 64 ? new Blob(['id,labels']) : blob);
    return given;
  };
  expect(await reason([failing(new Error('Odd bytes'))])).toBe(
    'features-file-invalid a.csv: it cannot be read (Odd bytes)',
  );
  await expect(reason([failing(new RangeError('Array buffer allocation failed'))])).rejects.toThrow(RangeError);
});

it('keeps in a file what memory does not hold', async () => {
  const [rows, width] = [700, 4096];
  const line = (row: number) => `${row},${row % 2 ? 'a' : 'b'},${Array(width).fill(row).join(',')}\n`;
  const header = `id,labels,${Array.from({ length: width }, (_, i) => `f${i}`).join(',')}\n`;
  const text = header + Array.from({ length: rows }, (_, row) => line(row)).join('');
  const scratch = memoryScratch();
  const { vectors } = await readFeatureFiles([file('a.csv', text)], { ...scratch, inMemory: 4 << 20 }, {});
  expect(scratch.opened).toBe(1);
  const picked = [699, 0, 300, 511, 512];
  const read = vectors.read(picked);
  expect(picked.map((_, i) => [read[i * width], read[(i + 1) * width - 1]])).toEqual(picked.map((row) => [row, row]));
});
