import { type FrameRows, frameRows, type Rows } from '../../core/classify/rows';
import { AppError, isAbortError, isOutOfMemory } from '../../core/errors';
import type { LabelledVideo, OfficialPart } from '../../core/evaluation/evaluation-set';
import { labelsFromNames } from '../../core/evaluation/ground-truth';
import { quantise } from '../../core/similarity/quantise';
import { parseUcf101Name } from '../../core/video';
import type { CallOptions } from '../../protocol/progress';
import type { FeatureFilesSummary } from '../../protocol/train-api';
import { type Example, unsound } from './example';
import { formatOf } from './formats';
import { createRecordStore, type RecordStore, type ScratchFile } from './record-store';

/** What was read, ready to train on. */
export type FeatureSet = {
  /** `id` is the row's number. */
  readonly examples: readonly LabelledVideo[];
  readonly vectors: Rows;
  /** Of files that have the moments of every example. */
  readonly moments: FrameRows | undefined;
  readonly summary: FeatureFilesSummary;
  close(): void;
};

export type Reading = { readonly openScratch: () => Promise<ScratchFile>; readonly inMemory: number };

/** Moments of an example that are kept. */
const keptOfAnExample = 16;
/** Shows what a file name says of its part: `train0123.tfrecord`, `bal_train`, `validate00.tfrecord`, `test.csv`. */
const partNames: readonly (readonly [OfficialPart, RegExp])[] = [
  ['train', /(^|[^a-z])train/i],
  ['validation', /(^|[^a-z])(valid|val(?![a-z]))/i],
  ['test', /(^|[^a-z])(test|eval)/i],
];

/**
 * Reads files of features made elsewhere, in the order given, in pieces: what memory does not hold lies in a file. Several
 * files are shards of one set, or a train and a test file by their names. Errors: `features-file-invalid`, with file, place
 * and reason.
 */
export async function readFeatureFiles(
  files: readonly File[],
  { openScratch, inMemory }: Reading,
  { signal, onProgress, gate }: CallOptions,
): Promise<FeatureSet> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const partsOfFiles = files.map(({ name }) => partNames.find(([, pattern]) => pattern.test(name))?.[0]);
  const namesSplit = partsOfFiles.includes('train') && partsOfFiles.some((part) => part && part !== 'train');
  const collector = createCollector({ openScratch, inMemory });
  const formats = new Set<string>();
  const spaces = new Set<string | undefined>();
  let before = 0;
  try {
    for (const [i, file] of files.entries()) {
      try {
        const format = await formatOf(file);
        formats.add(format.name);
        spaces.add(await format.space?.(file).catch(() => undefined));
        const onRead = (share: number) =>
          onProgress?.({ stage: `Reading ${file.name}`, fraction: (before + share * file.size) / total });
        const batches = format.examples(file, { signal, onRead, moments: keptOfAnExample });
        for await (const examples of batches) {
          for (const example of examples) collector.add(example, namesSplit ? partsOfFiles[i] : undefined);
          await collector.settle();
          await gate?.pass(signal);
        }
      } catch (error) {
        if (error instanceof DOMException && error.name !== 'AbortError') {
          throw new AppError('file-unreadable', `${file.name} can no longer be read`, {}, { cause: error });
        }
        if (isAbortError(error) || isOutOfMemory(error)) throw error;
        const known = error instanceof AppError ? error : unsound(`it cannot be read (${messageOf(error)})`);
        if (known.code !== 'features-file-invalid') throw error;
        const details = { ...known.details, file: file.name };
        throw new AppError(known.code, `${file.name}: ${known.message}`, details, { cause: error });
      }
      before += file.size;
    }
    const [space] = spaces;
    return collector.finish(files, { formats: [...formats], space: spaces.size === 1 ? space : undefined });
  } catch (error) {
    collector.close();
    throw error;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 200);

function createCollector(reading: Reading) {
  const examples: LabelledVideo[] = [];
  let vectors: { readonly store: RecordStore; readonly width: number } | undefined;
  let moments: { readonly store: RecordStore; readonly width: number } | undefined;
  let withMoments = 0;
  let longest = 0;
  const [labels, counts] = [new Map<string, number>(), { empty: 0, several: 0 }];

  const add = (example: Example, part: OfficialPart | undefined) => {
    const { vector, at } = example;
    const width = vector.length;
    vectors ??= { width, store: createRecordStore(4 * width, reading) };
    if (vectors.width !== width)
      throw unsound(`${at} has ${width} values where the examples before have ${vectors.width}`);
    checkFinite(vector, at);
    vectors.store.add(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    if (example.moments && withMoments === examples.length) addMoments(example.moments, at);
    const video = labelled(example, part, examples.length);
    if (video.labels.length === 0) counts.empty++;
    if (video.labels.length > 1) counts.several++;
    for (const label of video.labels) labels.set(label, (labels.get(label) ?? 0) + 1);
    examples.push(video);
  };
  const addMoments = ({ values, width }: NonNullable<Example['moments']>, at: string) => {
    moments ??= { width, store: createRecordStore(momentBytes(width), reading) };
    if (moments.width !== width)
      throw unsound(`${at} has moments of ${width} values where those before have ${moments.width}`);
    checkFinite(values, at);
    moments.store.add(packMoments(values, width));
    withMoments++;
    longest = Math.max(longest, values.length / width);
  };

  return {
    add,
    async settle() {
      await vectors?.store.settle();
      await moments?.store.settle();
    },
    close() {
      vectors?.store.close();
      moments?.store.close();
    },
    finish(files: readonly File[], told: Pick<FeatureFilesSummary, 'formats' | 'space'>): FeatureSet {
      const count = examples.length;
      if (!vectors || count === 0) throw unsound('there is no example in it');
      if (labels.size === 0) throw unsound(`none of its ${count} examples has a label`);
      const complete = withMoments === count ? moments : undefined;
      const perLabel = [...labels.values()];
      const parted = withTest(examples);
      return {
        examples: parted,
        vectors: storedRows(vectors.store, vectors.width),
        moments: complete && storedMoments(complete.store, complete.width, longest),
        summary: {
          files: files.map(({ name, size, lastModified }) => ({ name, size, lastModified })),
          ...told,
          examples: count,
          dimensions: vectors.width,
          moments: complete && { width: complete.width, most: longest },
          labels: labels.size,
          rareLabels: perLabel.filter((own) => own < 5).length,
          unlabelled: counts.empty,
          severalLabels: counts.several,
          groups: examples.some(({ group }) => group !== undefined),
          split: parted.some(({ split }) => split === 'train') && parted.some(({ split }) => split === 'test'),
        },
        close() {
          vectors?.store.close();
          moments?.store.close();
        },
      };
    },
  };
}

/** A set that keeps its test part to itself, as YouTube-8M does, is tested on the one to validate on. */
function withTest(examples: readonly LabelledVideo[]): readonly LabelledVideo[] {
  if (examples.some(({ split }) => split === 'test')) return examples;
  return examples.map((example) => (example.split === 'validation' ? { ...example, split: 'test' } : example));
}

/** Labels and groups that the file does not tell are read from the name, as those of library videos are. */
function labelled(
  { id, labels, group, split, at }: Example,
  part: OfficialPart | undefined,
  row: number,
): LabelledVideo {
  const path = id ?? at;
  const named = id === undefined ? undefined : parseUcf101Name(id);
  const ofName = labels === undefined && id !== undefined ? labelsFromNames([id])[0]?.labels : undefined;
  const own = group ?? named?.group;
  const side = split ?? part;
  return {
    id: String(row),
    path,
    labels: labels ?? ofName ?? [],
    ...(own !== undefined && { group: own }),
    ...(side && { split: side }),
  };
}

function checkFinite(values: Float32Array, at: string): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) throw unsound(`${at}: value ${i} is ${value}, which nothing can be learnt from`);
  }
}

function storedRows(store: RecordStore, dimensions: number): Rows {
  return {
    count: store.count,
    dimensions,
    read(rows) {
      const out = new Float32Array(rows.length * dimensions);
      const bytes = new Uint8Array(out.buffer);
      for (let i = 0; i < rows.length; i++) {
        store.read(rows[i] as number, bytes.subarray(4 * i * dimensions, 4 * (i + 1) * dimensions));
      }
      return out;
    },
  };
}

// A record of moments: their number, then scales, then values.
const blocksOf = (width: number) => Math.ceil(width / 64);
const scaleBytes = (width: number) => 4 * keptOfAnExample * blocksOf(width);
const momentBytes = (width: number) => 4 + scaleBytes(width) + keptOfAnExample * width;

function packMoments(values: Float32Array, width: number): Uint8Array {
  const packed = quantise(values, values.length / width, width);
  const out = new Uint8Array(momentBytes(width));
  new DataView(out.buffer).setInt32(0, packed.count, true);
  out.set(new Uint8Array(packed.scales.buffer, 0, packed.scales.byteLength), 4);
  out.set(new Uint8Array(packed.values.buffer), 4 + scaleBytes(width));
  return out;
}

function storedMoments(store: RecordStore, width: number, longest: number): FrameRows {
  return frameRows(longest, width, store.count, (row) => {
    const bytes = new Uint8Array(momentBytes(width));
    store.read(row, bytes);
    const count = new DataView(bytes.buffer).getInt32(0, true);
    return {
      count,
      dimensions: width,
      scales: new Float32Array(bytes.buffer, 4, count * blocksOf(width)),
      values: new Int8Array(bytes.buffer, 4 + scaleBytes(width), count * width),
    };
  });
}
