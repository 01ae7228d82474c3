import type { QuantisedFrames } from '../../core/similarity/quantise';
import { quantise } from '../../core/similarity/quantise';
import { firstNonFinite } from '../../core/similarity/similarity';
import { countOf, decodeIntegers, decodeStrings, invalid } from './npy';
import { type NpzFile, openNpz } from './npz-reader';
import { type Pause, slices } from './slices';
import { parseSpaceDescription, type SpaceDescription } from './space-description';

/** Vectors from a file, sound as a whole: lengths agree and every value is a number. */
export type ParsedFeatures = {
  readonly count: number;
  readonly dimensions: number;
  /** Row-major [count x dimensions]. */
  readonly features: Float32Array;
  readonly paths: readonly string[];
  /** Labels of each row. */
  readonly labels: readonly (readonly string[])[];
  readonly description: SpaceDescription | undefined;
  /** Frames of row i with their times, where the file has them. */
  readonly frames: ((row: number) => QuantisedFrames & { readonly times: Float64Array }) | undefined;
};

const maxRows = 1_000_000;
/** Values looked through at a time. */
const valuesAtOnce = 1_000_000;

/** Reads the format of `LibraryApi.exportFeatures`, and what `np.savez(features=…, video_paths=…)` writes.
 * Errors: `import-invalid`, naming the array and, where one is at fault, the row. */
export async function parseFeatures(file: Blob, signal?: AbortSignal): Promise<ParsedFeatures> {
  const npz = await openNpz(file, signal);
  const pause = slices({ ...(signal && { signal }) });
  const { features, count, dimensions } = await matrix(npz, 'features', pause, (rows) => {
    if (rows > maxRows) throw invalid('features', `has ${rows} rows; at most ${maxRows} are taken`);
  });
  const paths = await strings(npz, 'video_paths', count);
  const labels = npz.has('labels') ? await strings(npz, 'labels', count) : [];
  const description = npz.has('space') ? await spaceDescription(npz) : undefined;
  return {
    count,
    dimensions,
    features,
    paths,
    labels: paths.map((_, row) => splitLabels(labels[row] ?? '')),
    description,
    frames: npz.has('frame_features') && npz.has('frame_times') ? await frameRows(npz, count, pause) : undefined,
  };
}

async function matrix(
  npz: NpzFile,
  name: string,
  pause: Pause,
  check: (rows: number) => void,
): Promise<{ features: Float32Array; count: number; dimensions: number }> {
  const { header, values } = await npz.numbers(name, ({ shape }) => {
    if (shape.length < 2 || shape.includes(0)) {
      throw invalid(name, `has the shape (${shape.join(', ')}); rows of values are needed`);
    }
    check(shape[0] as number);
  });
  const [count = 0, ...rest] = header.shape;
  const dimensions = countOf(rest);
  for (let from = 0; from < values.length; from += valuesAtOnce) {
    const at = from + firstNonFinite(values.subarray(from, from + valuesAtOnce));
    if (at >= from) {
      const row = Math.floor(at / dimensions);
      throw invalid(name, `row ${row} holds ${values[at]}, which cannot be compared`, row);
    }
    await pause('Reading', undefined);
  }
  return { features: values, count, dimensions };
}

async function strings(npz: NpzFile, name: string, count: number): Promise<string[]> {
  const { header, data } = await npz.array(name, ({ shape: [rows = 1] }) => {
    if (rows !== count) throw invalid(name, `has ${rows} rows where features has ${count}`);
  });
  return decodeStrings(data, header, name);
}

async function spaceDescription(npz: NpzFile): Promise<SpaceDescription> {
  const { header, data } = await npz.array('space', ({ shape: [texts = 1] }) => {
    if (texts !== 1) throw invalid('space', `has ${texts} texts; one is needed`);
  });
  return parseSpaceDescription(decodeStrings(data, header, 'space')[0] as string);
}

function splitLabels(text: string): string[] {
  const labels = text.split('|').map((label) => label.trim());
  return [...new Set(labels)].filter((label) => label !== '');
}

async function frameRows(npz: NpzFile, count: number, pause: Pause): Promise<ParsedFeatures['frames']> {
  const offsetArray = await npz.array('frame_offsets', ({ shape: [rows = 1] }) => {
    if (rows !== count + 1) throw invalid('frame_offsets', `has ${rows} rows; ${count + 1} are needed`);
  });
  const offsets = decodeIntegers(offsetArray.data, offsetArray.header, 'frame_offsets');
  for (const [row, offset] of offsets.entries()) {
    const before = row === 0 ? 0 : (offsets[row - 1] as number);
    if (offset < before || (row === 0 && offset !== 0)) throw invalid('frame_offsets', `goes back at row ${row}`, row);
  }
  const total = offsets[count] as number;
  if (total === 0) return undefined;
  const { features: values, dimensions } = await matrix(npz, 'frame_features', pause, (rows) => {
    if (rows !== total) throw invalid('frame_features', `has ${rows} rows where frame_offsets ends at ${total}`);
  });
  const seconds = await times(npz, total);
  return (row) => {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
    const rowValues = values.subarray(from * dimensions, to * dimensions);
    return { ...quantise(rowValues, to - from, dimensions), times: seconds.slice(from, to) };
  };
}

async function times(npz: NpzFile, rows: number): Promise<Float64Array> {
  const { data } = await npz.array('frame_times', ({ descr, shape }) => {
    if (descr !== '<f8' || shape.length !== 1) throw invalid('frame_times', `is of type ${descr}; float64 is needed`);
    if (shape[0] !== rows) throw invalid('frame_times', `has ${shape[0]} rows where frame_features has ${rows}`);
  });
  const seconds = new Float64Array(data.buffer, data.byteOffset, rows);
  const at = seconds.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw invalid('frame_times', `row ${at} holds ${seconds[at]}`, at);
  return seconds;
}
