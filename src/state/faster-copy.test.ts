import { expect, test } from 'vitest';
import { colour } from '../extractors/colour';
import { resnet50 } from '../extractors/resnet50';
import type { InferenceStatus, ModelStatus } from '../protocol/extract-api';
import { helpedByCopies } from './faster-copy';
import { defaultPreferences, requestsFor } from './preferences';

const cards = [resnet50, colour];
const requests = requestsFor(defaultPreferences, cards);
const processor: InferenceStatus = { backend: 'wasm', threads: 2, simd: true, crossOriginIsolated: true };
const ready: ModelStatus = { model: 'resnet50', state: 'ready', sha256: 'abc' };
const copy = { sha256: 'def', bytes: 1, similarity: 0.99, timesFaster: 2, inUse: false };
const hours = 2 * 60 * 60;

test.each([
  ['long indexing on the processor', hours, processor, ready, ['resnet50']],
  ['short indexing', 60, processor, ready, []],
  ['no estimate yet', undefined, processor, ready, []],
  ['a graphics card', hours, { ...processor, backend: 'webgpu' as const }, ready, []],
  ['a copy that was made', hours, processor, { ...ready, copy }, []],
  ['no model file', hours, processor, { model: 'resnet50', state: 'missing' as const }, []],
])('with %s', (_case, eta, inference, status, expected) => {
  expect(helpedByCopies({ eta, requests }, inference, [status], cards).map(({ id }) => id)).toEqual(expected);
});
