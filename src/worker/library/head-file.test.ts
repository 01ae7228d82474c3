import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { applyHead } from '../../core/classify/apply-head';
import {
  type FrameReader,
  initialFrameLayers,
  initialLayers,
  probabilities,
  type TrainedHead,
} from '../../core/classify/head';
import { neighbourHead } from '../../core/classify/neighbours';
import { fitPreprocessing, type Preprocessing, preprocessedRows } from '../../core/classify/preprocessing';
import { type FrameRows, matrixRows } from '../../core/classify/rows';
import type { Outcome, Scaling } from '../../core/classify/settings';
import { seededRandom } from '../../core/random';
import { createNetwork } from '../classify/network';
import { textsOf } from './head-file';
import { headToNpz } from './head-npz';
import { headToOnnx } from './head-onnx';
import { parseHeadFile } from './heads';
import { npyHeader } from './npy';
import { writeNpz } from './npz-writer';

const dimensions = 12;
const classes = ['Archery', 'Yo-yo', 'Žonglování', 'with | bar'];
const random = seededRandom(7);
const vectors = Float32Array.from({ length: 40 * dimensions }, () => 3 * (random() - 0.3));
// A vector of zeros has no length to be divided by.
vectors.fill(0, 0, dimensions);
const rows = Int32Array.from({ length: 40 }, (_, i) => i);

function network(hidden: readonly number[], outcome: Outcome, scaling: Scaling): TrainedHead {
  const preprocessing = fitPreprocessing(matrixRows(vectors, dimensions), rows, scaling);
  const layers = initialLayers([dimensions, ...hidden, classes.length], 3).map((layer, i) => ({
    ...layer,
    weights: layer.weights.map((weight) => weight || random() - 0.5),
    bias: layer.bias.map(() => random() - 0.5 + i),
  }));
  return { classes, outcome, dimensions, preprocessing, model: { name: 'network', layers } };
}

function voters(preprocessing: Preprocessing): TrainedHead {
  const labels = Array.from({ length: 30 }, (_, i) =>
    i % 7 === 0 ? [classes[0] as string, classes[2] as string] : [classes[i % 4] as string],
  );
  const head = neighbourHead({ matrix: vectors.slice(0, 30 * dimensions), dimensions, labels }, 5);
  return { ...head, preprocessing };
}

const heads: Record<string, TrainedHead> = {
  'logistic, standardised': network([], 'one-label', 'standardise'),
  'MLP, square root': network([9, 5], 'one-label', 'root'),
  'several labels, both': network([6], 'several-labels', 'root-standardise'),
  'nearest neighbours': voters({ root: false, standard: undefined }),
  'nearest neighbours, square root': voters({ root: true, standard: undefined }),
};

/** What the app itself tells of every vector. */
function told(head: TrainedHead): Float32Array {
  const each = Array.from(rows, (row) => applyHead(head, vectors.subarray(row * dimensions, (row + 1) * dimensions)));
  return Float32Array.from(each.flatMap((values) => [...values]));
}

const texts = (head: TrainedHead) =>
  textsOf({ name: 'Head ☺', space: '["resnet50",1,"ab","squeeze"]', head }, { epochs: 3 });

describe.each(Object.entries(heads))('%s', (_, head) => {
  it('runs in onnxruntime to the same probabilities', async () => {
    const session = await InferenceSession.create(headToOnnx(head, texts(head)));
    const { probabilities: found } = await session.run({ features: new Tensor('float32', vectors, [40, dimensions]) });
    const expected = told(head);
    expect(found?.dims).toEqual([40, head.classes.length]);
    const furthest = Math.max(...expected.map((value, i) => Math.abs(value - (found?.data[i] as number))));
    expect(furthest).toBeLessThan(1e-5);
    expect(Math.max(...expected)).toBeGreaterThan(0.3);
  });

  it.each(['onnx', 'npz'])('comes back from %s as it was', (format) => expectKept(head, format));
});

async function expectKept(head: TrainedHead, format: string): Promise<void> {
  const file = format === 'onnx' ? new Blob([headToOnnx(head, texts(head))]) : await headToNpz(head, texts(head));
  expect(await parseHeadFile(file)).toEqual({ name: 'Head ☺', space: '["resnet50",1,"ab","squeeze"]', head });
}

describe.each([
  { kind: 'attention', scales: [1], scaling: 'standardise', outcome: 'one-label' },
  { kind: 'attention', scales: [1, 2, 4], scaling: 'root-standardise', outcome: 'several-labels' },
  { kind: 'gru', scales: [1], scaling: 'root', outcome: 'one-label' },
  { kind: 'gru', scales: [2, 1], scaling: 'standardise', outcome: 'several-labels' },
] as const)('over moments: $kind at scales $scales, $scaling, $outcome', ({ kind, scales, scaling, outcome }) => {
  const reader: FrameReader = { kind, scales: [...scales], moments: 5, width: 4, units: 3 };
  const [count, size] = [12, 5 * 4 + 5];
  const values = Float32Array.from({ length: count * size }, () => 3 * (random() - 0.3));
  for (let video = 0; video < count; video++) {
    const known = 1 + (video % 5);
    values.fill(0, video * size + 4 * known, (video + 1) * size);
    values.fill(1, video * size + 20, video * size + 20 + known);
  }
  const frames: FrameRows = {
    ...{ count, moments: 5, width: 4, dimensions: size },
    read: (some) =>
      Float32Array.from(Array.from(some).flatMap((row) => [...values.subarray(row * size, (row + 1) * size)])),
  };
  const all = Int32Array.from({ length: count }, (_, i) => i);
  const preprocessing = fitPreprocessing(frames, all, scaling);
  const layers = initialFrameLayers(reader, classes.length, 5).map((layer) => ({
    ...layer,
    bias: layer.bias.map(() => random() - 0.5),
  }));
  const head: TrainedHead = {
    ...{ classes, outcome, preprocessing, dimensions: 4 },
    model: { name: 'frame-network', reading: reader, layers },
  };

  it('runs in onnxruntime to the probabilities that the app tells', async () => {
    const app = createNetwork(layers, { outcome, penalty: 0, learningRate: 0, reader });
    const logits = await app.logits(preprocessedRows(frames, preprocessing).read(all));
    app.dispose();
    const expected = probabilities(logits, classes.length, outcome);
    const part = (from: number, to: number) =>
      Float32Array.from([...all].flatMap((video) => [...values.subarray(video * size + from, video * size + to)]));
    const session = await InferenceSession.create(headToOnnx(head, texts(head)));
    const { probabilities: found } = await session.run({
      features: new Tensor('float32', part(0, 20), [count, 5, 4]),
      present: new Tensor('float32', part(20, 25), [count, 5]),
    });
    expect(found?.dims).toEqual([count, classes.length]);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - (found?.data[i] as number))))).toBeLessThan(1e-5);
    expect(new Set(expected.map((value) => Math.round(value * 1000))).size).toBeGreaterThan(8);
  });

  it.each(['onnx', 'npz'])('comes back from %s as it was', (format) => expectKept(head, format));
});

const hasNumpy = (() => {
  try {
    execFileSync(process.env.NUMPY_PYTHON ?? 'python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasNumpy)('is read by NumPy, which comes to the same probabilities', async () => {
  const head = heads['logistic, standardised'] as TrainedHead;
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-head-'));
  try {
    const file = join(folder, 'head.npz');
    writeFileSync(file, new Uint8Array(await (await headToNpz(head, texts(head))).arrayBuffer()));
    writeFileSync(join(folder, 'x.f32'), vectors);
    const script = `
import json, sys, numpy as np
h = np.load(sys.argv[1] + '/head.npz')
x = np.fromfile(sys.argv[1] + '/x.f32', '<f4').reshape(-1, ${dimensions})
z = (x - h['mean']) * h['factor'] @ h['weights_0'] + h['bias_0']
e = np.exp(z - z.max(1, keepdims=True))
print(json.dumps([json.loads(str(h['labels'])), (e / e.sum(1, keepdims=True)).ravel().tolist()]))`;
    const python = process.env.NUMPY_PYTHON ?? 'python3';
    const [labels, found] = JSON.parse(execFileSync(python, ['-c', script, folder], { encoding: 'utf8' }));
    expect(labels).toEqual(classes);
    expect(Math.max(...told(head).map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('a file that is no sound head', () => {
  const head = heads['logistic, standardised'] as TrainedHead;
  const good = texts(head);
  const onnx = (change: Partial<typeof good>, of = head) => new Blob([headToOnnx(of, { ...good, ...change })]);
  const broken = {
    ...head,
    preprocessing: { root: false, standard: { mean: new Float32Array(3), factor: new Float32Array(12) } },
  };
  const layers = head.model.name === 'network' ? head.model.layers : [];
  const notNumbers = {
    ...head,
    model: {
      name: 'network' as const,
      layers: layers.map((layer) => ({ ...layer, bias: layer.bias.map(() => Number.NaN) })),
    },
  };
  it.each([
    ['empty', new Blob([]), 'does not say that it is a head'],
    ['random bytes', new Blob([Uint8Array.from({ length: 999 }, () => 256 * random())]), 'does not say'],
    ['cut short', onnx({}).slice(0, 400), 'does not say'],
    ['of another format', onnx({ format: 'reelmatch-head/9' }), 'reelmatch-head/9'],
    ['with labels that are no list', onnx({ labels: '{"a":1}' }), 'labels are unsound'],
    ['with labels that are no JSON', onnx({ labels: '[' }), 'labels are no JSON'],
    ['with a label twice', onnx({ labels: '["a","a","b","c"]' }), 'a name is there twice'],
    ['with another number of labels', onnx({ labels: '["a","b"]' }), 'bias_0 has 4 values, and 2 are needed'],
    ['of a space beyond reason', onnx({ space: 'x'.repeat(9999) }), 'whose vectors it takes'],
    ['of half a space', onnx({ space: '["resnet50",1' }), 'space are no JSON'],
    ['of a space that is none', onnx({ space: '[1,2]' }), 'space are unsound'],
    ['with absurd sizes', onnx({ head: good.head.replace('12', '1e12') }), 'head are unsound'],
    ['with too short a mean', onnx({}, broken), 'mean has 3 values, and 12 are needed'],
    ['with NaN', onnx({}, notNumbers), 'value 0 of the array bias_0 is not a number'],
    ['with more layers than numbers', onnx({ head: good.head.replace('"layers":1', '"layers":2') }), 'needed|missing'],
  ])('%s says why', async (_, file, reason) => {
    const failure = await parseHeadFile(file).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'head-invalid', message: expect.stringMatching(reason) });
  });

  it('of pickled objects or features says so', async () => {
    const features = await writeNpz([{ name: 'features', pieces: [npyHeader('<f4', [2]), new Uint8Array(8)] }]);
    await expect(parseHeadFile(features)).rejects.toMatchObject({ code: 'head-invalid' });
    const pickled = await writeNpz([{ name: 'format', pieces: [npyHeader('|O', [])] }]);
    await expect(parseHeadFile(pickled)).rejects.toMatchObject({ code: 'head-invalid' });
  });
});
