import { expect, test } from 'vitest';
import { spaceKey } from '../core/feature';
import type { VideoRecord } from '../core/video';
import { extractors } from '../extractors/registry';
import type { ModelStatus } from '../protocol/extract-api';
import { runnable, uncovered } from './coverage';
import { defaultPreferences, requestsFor } from './preferences';

const ready: ModelStatus = { extractor: 'resnet50', state: 'ready', sha256: 'abc' };
const missing: ModelStatus = { extractor: 'resnet50', state: 'missing' };
const preferences = { ...defaultPreferences, fit: 'squeeze' } as const;
const requests = requestsFor(preferences, extractors);
const ids = (found: readonly { readonly extractor: string }[]) => found.map(({ extractor }) => extractor);

const video = (...spaces: string[]): VideoRecord => ({
  id: 'v',
  name: 'v.mp4',
  path: 'v.mp4',
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces,
  labels: [],
});
const network = (changes: object = {}) =>
  spaceKey({
    extractor: 'resnet50',
    version: 1,
    modelHash: 'abc',
    preprocessing: 'squeeze; RGB torchvision',
    ...changes,
  });
const colour = spaceKey({ extractor: 'colour', version: 1, modelHash: null, preprocessing: 'squeeze' });

test('an extractor whose model is not there is told apart from those that can run', () => {
  const wanted = runnable(requests, [missing], extractors);
  expect(ids(wanted.requests)).toEqual(['colour']);
  expect(wanted.missing.map(({ id }) => id)).toEqual(['resnet50']);
  expect(ids(runnable(requests, [ready], extractors).requests)).toEqual(['resnet50', 'colour']);
});

test('extractors that are switched off are not asked, and the chosen sampling goes to networks alone', () => {
  const instants = { mode: 'uniform', frames: 16 } as const;
  const chosen = requestsFor({ ...preferences, instants, fit: 'centre-crop' }, extractors);
  expect(chosen[0]?.sampling).toMatchObject({ instants, fit: 'centre-crop', width: 224 });
  expect(chosen[1]?.sampling).toMatchObject({ instants: { mode: 'uniform', frames: 20 } });
  expect(ids(requestsFor({ ...preferences, extractorsOff: ['resnet50'] }, extractors))).toEqual(['colour']);
});

test.each([
  ['all there', [network(), colour], []],
  ['nothing there', [], ['resnet50', 'colour']],
  ['another model', [network({ modelHash: 'def' }), colour], ['resnet50']],
  ['an older version', [network({ version: 0 }), colour], ['resnet50']],
  ['another framing', [network({ preprocessing: 'centre-crop; RGB torchvision' }), colour], ['resnet50']],
])('what a video lacks: %s', (_, spaces, lacking) => {
  expect(ids(uncovered(video(...spaces), requests, [ready], extractors))).toEqual(lacking);
});
