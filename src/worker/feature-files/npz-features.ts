import { AppError } from '../../core/errors';
import { spaceKey } from '../../core/feature';
import { decodeIntegers, decodeNumbers, decodeStrings, itemBytes, type NpyHeader } from '../library/npy';
import { type NpyPieces, type NpzFile, openNpz } from '../library/npz-reader';
import { parseSpaceDescription } from '../library/space-description';
import { type Example, type FeatureFormat, ofMoments, partNamed, splitLabels, unsound } from './example';

const rowsAtOnce = 256;
/** An array that lies column by column is held whole. */
const mostByColumns = 1024 ** 3;

/** What `np.savez` writes, as the library's export does: `features` [N x D], or [N x moments x D]; `labels`, `video_paths`,
 * `groups` and `split` of each row where known; `frame_features` with `frame_offsets`. */
export const npzFeatures: FeatureFormat = {
  name: '.npz',
  named: /\.npz$/i,
  begins: ([p, k, three, four]) => p === 0x50 && k === 0x4b && three === 3 && four === 4,
  async *examples(file, { signal, onRead, moments }) {
    try {
      yield* examplesOf(await openNpz(file, signal), onRead, moments);
    } catch (error) {
      if (error instanceof AppError && error.code === 'import-invalid') throw unsound(error.message);
      throw error;
    }
  },
  async space(file) {
    const npz = await openNpz(file);
    if (!npz.has('space')) return undefined;
    const { header, data } = await npz.array('space');
    return spaceKey(parseSpaceDescription(decodeStrings(data, header, 'space')[0] ?? '').space);
  },
};

async function* examplesOf(
  npz: NpzFile,
  onRead: (share: number) => void,
  moments: number,
): AsyncGenerator<readonly Example[]> {
  const rows = rowReader(await npz.pieces('features'), 'features');
  const { count, shape } = rows;
  const [labels, paths, groups, splits] = [
    await texts(npz, 'labels', count),
    await texts(npz, 'video_paths', count),
    await texts(npz, 'groups', count),
    await texts(npz, 'split', count),
  ];
  const frames = npz.has('frame_features') && npz.has('frame_offsets') ? await frameReader(npz, count) : undefined;
  const [inner = 1, last] = shape;
  const width = last ?? inner;
  for (let from = 0; from < count; from += rowsAtOnce) {
    const examples: Example[] = [];
    for (let row = from; row < Math.min(count, from + rowsAtOnce); row++) {
      const values = await rows.next(1);
      const own = last === undefined ? await frames?.(row) : { values, width };
      const pooled = own && ofMoments(own.values, own.width, moments);
      examples.push({
        at: `row ${row}`,
        id: paths?.[row],
        labels: labels && splitLabels(labels[row] as string),
        ...(groups?.[row] && { group: groups[row] as string }),
        ...partNamed(splits?.[row]),
        ...pooled,
        vector: last === undefined || !pooled ? values : pooled.vector,
      });
    }
    yield examples;
    onRead(Math.min(1, (from + rowsAtOnce) / count));
  }
}

type RowReader = {
  readonly count: number;
  /** Of a row. */
  readonly shape: readonly number[];
  /** The next rows, one after another. */
  next(rows: number): Promise<Float32Array>;
};

function rowReader({ header, pieces }: NpyPieces, name: string): RowReader {
  const [count = 0, ...shape] = header.shape;
  if (count === 0 || shape.length < 1 || shape.length > 2 || shape.includes(0)) {
    throw unsound(`The array ${name} has the shape (${header.shape.join(', ')}); rows of values are needed`);
  }
  const size = shape.reduce((product, side) => product * side, 1);
  const rowBytes = size * (itemBytes(header.descr) ?? 0);
  let rest: Uint8Array = new Uint8Array(0);
  const take = async (wanted: number) => {
    const data = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      if (rest.length === 0) {
        const step = await pieces.next();
        if (step.done) throw unsound(`The array ${name} ends early`);
        rest = step.value;
      }
      const taken = rest.subarray(0, wanted - filled);
      data.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
    return data;
  };
  if (header.fortran && count * rowBytes > mostByColumns) {
    throw unsound(
      `The array ${name} lies column by column, and is too large for that; save np.ascontiguousarray(${name})`,
    );
  }
  // Of what lies column by column the first row ends near the end.
  let whole: Float32Array | undefined;
  let at = 0;
  return {
    count,
    shape,
    async next(rows) {
      if (!header.fortran)
        return decodeNumbers(await take(rows * rowBytes), { ...header, shape: [rows, ...shape] }, name);
      whole ??= decodeNumbers(await take(count * rowBytes), header, name);
      at += rows;
      return whole.slice((at - rows) * size, at * size);
    },
  };
}

/** Moments of one row after the other. */
async function frameReader(npz: NpzFile, count: number): Promise<(row: number) => Promise<Example['moments']>> {
  const array = await npz.array('frame_offsets', ofRows('frame_offsets', count + 1));
  const offsets = decodeIntegers(array.data, array.header, 'frame_offsets');
  const frames = rowReader(await npz.pieces('frame_features'), 'frame_features');
  const backwards = offsets.findIndex((offset, i) => offset < (offsets[i - 1] ?? 0));
  if (backwards >= 0 || offsets[count] !== frames.count) {
    throw unsound(`frame_offsets does not divide the ${frames.count} rows of frame_features among ${count} videos`);
  }
  const width = frames.shape[0] as number;
  return async (row) => {
    const own = (offsets[row + 1] as number) - (offsets[row] as number);
    return own === 0 ? undefined : { values: await frames.next(own), width };
  };
}

async function texts(npz: NpzFile, name: string, count: number): Promise<readonly string[] | undefined> {
  if (!npz.has(name)) return undefined;
  const { header, data } = await npz.array(name, ofRows(name, count));
  const isText = /^[<>=|]?[US]/.test(header.descr);
  return isText ? decodeStrings(data, header, name) : decodeIntegers(data, header, name).map(String);
}

/** Checked before anything is decoded. */
function ofRows(name: string, count: number) {
  return ({ shape: [rows = 1] }: NpyHeader) => {
    if (rows !== count) throw unsound(`The array ${name} has ${rows} rows where ${count} are needed`);
  };
}
