import { type Example, type FeatureFormat, ofMoments, unsound } from './example';
import { decodeExample, type Feature, type TfExample } from './tf-example';
import { beginsWithRecord, tfRecords } from './tfrecord';

/** Features of a video as a whole, and of its moments: YouTube-8M's, and AudioSet's. */
const whole = ['mean_rgb', 'mean_audio'];
const perMoment = ['rgb', 'audio', 'audio_embedding'];
const ids = ['id', 'video_id'];

/**
 * TFRecord files of YouTube-8M (`mean_rgb` and `mean_audio`; or `rgb` and `audio`, a byte a value) and of AudioSet
 * (`audio_embedding`). Bytes become numbers of [-2, 2] as YouTube-8M's own reader makes them. Of moments the example's vector
 * is the mean.
 */
export const tfRecordFeatures: FeatureFormat = {
  name: 'TFRecord',
  named: /\.tfrecords?\b/i,
  begins: beginsWithRecord,
  async *examples(file, options) {
    let record = 0;
    for await (const records of tfRecords(file, options)) {
      const examples: Example[] = [];
      for (const bytes of records) {
        record++;
        examples.push(exampleOf(decoded(bytes, record), `record ${record}`, options.moments));
      }
      yield examples;
    }
  },
};

function decoded(bytes: Uint8Array, record: number): TfExample {
  try {
    return decodeExample(bytes);
  } catch {
    throw unsound(`record ${record} holds no tf.Example and no tf.SequenceExample`);
  }
}

function exampleOf({ features, lists }: TfExample, at: string, moments: number): Example {
  const labels = features.get('labels');
  const common = {
    at,
    id: textOf(ids.map((name) => features.get(name)).find((feature) => feature !== undefined)),
    labels: labels && [...new Set([...labels.integers, ...labels.bytes.map(text)])],
  };
  const parts = whole.flatMap((name) => features.get(name)?.floats ?? []);
  if (parts.length > 0) return { ...common, vector: Float32Array.from(parts) };
  const steps = perMoment.flatMap((name) => {
    const list = lists.get(name);
    return list && list.length > 0 ? [{ name, list }] : [];
  });
  if (steps.length === 0) {
    const found = [...features.keys(), ...lists.keys()].slice(0, 10).join(', ') || 'nothing';
    throw unsound(`${at} has neither ${whole.join(', ')} nor ${perMoment.join(', ')}; it has: ${found}`);
  }
  // Sound may last a step longer than the pictures.
  const count = Math.min(...steps.map(({ list }) => list.length));
  const widths = steps.map(({ list }) => valuesOf(list[0]).length);
  const width = widths.reduce((sum, own) => sum + own, 0);
  if (count === 0 || width === 0) throw unsound(`${at} has no values`);
  const values = new Float32Array(count * width);
  let column = 0;
  steps.forEach(({ name, list }, i) => {
    const own = widths[i] as number;
    for (let step = 0; step < count; step++) {
      const given = valuesOf(list[step]);
      if (given.length !== own) {
        throw unsound(`${at}, step ${step} of ${name} has ${given.length} values where the first has ${own}`);
      }
      fill(values, step * width + column, given);
    }
    column += own;
  });
  return { ...common, ...ofMoments(values, width, moments) };
}

/** Values of one step, as numbers or as quantised bytes. */
function valuesOf(feature: Feature | undefined): readonly number[] | Uint8Array {
  if (!feature) return [];
  return feature.floats.length > 0 ? feature.floats : (feature.bytes[0] ?? []);
}

function fill(out: Float32Array, at: number, given: readonly number[] | Uint8Array): void {
  // youtube8m/utils.py, `Dequantize` with 2 and -2.
  if (given instanceof Uint8Array)
    for (let i = 0; i < given.length; i++) out[at + i] = (given[i] as number) * (4 / 255) + 4 / 512 - 2;
  else out.set(given, at);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function textOf(feature: Feature | undefined): string | undefined {
  const [first] = feature?.bytes ?? [];
  return first && text(first);
}
