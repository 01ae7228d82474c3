import type { QuantisedFrames } from '../../core/similarity/quantise';
import { quantise } from '../../core/similarity/quantise';
import { firstNonFinite } from '../../core/similarity/similarity';
import { decodeIntegers, decodeNumbers, decodeStrings, invalid } from './npy';
import { type NpzFile, openNpz } from './npz-reader';
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

/** Reads the format of `LibraryApi.exportFeatures`, and what `np.savez(features=…, video_paths=…)` writes.
 * Errors: `import-invalid`, naming the array and, where one is at fault, the row. */
export async function parseFeatures(file: Blob, signal?: AbortSignal): Promise<ParsedFeatures> {
  const npz = await openNpz(file, signal);
  const { features, count, dimensions } = await matrix(npz, 'features');
  if (count > maxRows) throw invalid('features', `has ${count} rows; at most ${maxRows} are taken`);
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
    frames: npz.has('frame_features') && npz.has('frame_times') ? await frameRows(npz, count) : undefined,
  };
}

async function matrix(
  npz: NpzFile,
  name: string,
): Promise<{ features: Float32Array; count: number; dimensions: number }> {
  const { header, data } = await npz.array(name);
  const [count = 0, ...rest] = header.shape;
  const dimensions = rest.reduce((product, side) => product * side, 1);
  if (rest.length === 0 || count === 0 || dimensions === 0) {
    throw invalid(name, `has the shape (${header.shape.join(', ')}); rows of values are needed`);
  }
  const features = decodeNumbers(data, header, name);
  const at = firstNonFinite(features);
  if (at >= 0) {
    const row = Math.floor(at / dimensions);
    throw invalid(name, `row ${row} holds ${features[at]}, which cannot be compared`, row);
  }
  return { features, count, dimensions };
}

async function strings(npz: NpzFile, name: string, count: number): Promise<string[]> {
  const { header, data } = await npz.array(name);
  const texts = decodeStrings(data, header, name);
  if (texts.length !== count) throw invalid(name, `has ${texts.length} rows where features has ${count}`);
  return texts;
}

async function spaceDescription(npz: NpzFile): Promise<SpaceDescription> {
  const { header, data } = await npz.array('space');
  const texts = decodeStrings(data, header, 'space');
  if (texts.length !== 1) throw invalid('space', `has ${texts.length} texts; one is needed`);
  return parseSpaceDescription(texts[0] as string);
}

function splitLabels(text: string): string[] {
  const labels = text.split('|').map((label) => label.trim());
  return [...new Set(labels)].filter((label) => label !== '');
}

async function frameRows(npz: NpzFile, count: number): Promise<ParsedFeatures['frames']> {
  const offsetArray = await npz.array('frame_offsets');
  const offsets = decodeIntegers(offsetArray.data, offsetArray.header, 'frame_offsets');
  if (offsets.length !== count + 1) {
    throw invalid('frame_offsets', `has ${offsets.length} rows; ${count + 1} are needed`);
  }
  for (const [row, offset] of offsets.entries()) {
    const before = row === 0 ? 0 : (offsets[row - 1] as number);
    if (offset < before || (row === 0 && offset !== 0)) throw invalid('frame_offsets', `goes back at row ${row}`, row);
  }
  const total = offsets[count] as number;
  if (total === 0) return undefined;
  const { features: values, count: rows, dimensions } = await matrix(npz, 'frame_features');
  const timeArray = await npz.array('frame_times');
  const seconds = await times(timeArray, rows);
  if (rows !== total) throw invalid('frame_features', `has ${rows} rows where frame_offsets ends at ${total}`);
  return (row) => {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
    const rowValues = values.subarray(from * dimensions, to * dimensions);
    return { ...quantise(rowValues, to - from, dimensions), times: seconds.slice(from, to) };
  };
}

async function times({ header, data }: Awaited<ReturnType<NpzFile['array']>>, rows: number): Promise<Float64Array> {
  const { descr, shape } = header;
  if (descr !== '<f8' || shape.length !== 1) throw invalid('frame_times', `is of type ${descr}; float64 is needed`);
  if (shape[0] !== rows) throw invalid('frame_times', `has ${shape[0]} rows where frame_features has ${rows}`);
  const seconds = new Float64Array(data.buffer, data.byteOffset, rows);
  const at = seconds.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw invalid('frame_times', `row ${at} holds ${seconds[at]}`, at);
  return seconds;
}
