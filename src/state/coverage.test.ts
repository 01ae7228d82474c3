import { expect, test } from 'vitest';
import { spaceKey } from '../core/feature';
import type { VideoRecord } from '../core/video';
import { extractors } from '../extractors/registry';
import type { ModelStatus } from '../protocol/extract-api';
import { uncovered } from './coverage';
import { defaultPreferences, requestsFor } from './preferences';

const colour = { extractor: 'colour', version: 1, modelHash: null, preprocessing: 'squeeze' };
const network = { extractor: 'resnet50', version: 1, modelHash: 'aa', preprocessing: 'squeeze; RGB torchvision' };
const ready: ModelStatus = { extractor: 'resnet50', state: 'ready', source: 'origin' };
const input = { layout: 'NCHW', channels: 'RGB', normalisation: 'torchvision' } as const;

const video = (spaces: readonly (typeof colour | typeof network)[]): VideoRecord => ({
  id: 'a',
  name: 'a.mp4',
  path: 'a.mp4',
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: spaces.map(spaceKey),
  labels: [],
});

const missing = (record: VideoRecord, status: ModelStatus, fit: 'squeeze' | 'centre-crop' = 'squeeze') =>
  uncovered(record, requestsFor({ ...defaultPreferences, fit }, extractors), [status], extractors).map(
    ({ extractor }) => extractor,
  );

test.each<[string, VideoRecord, ModelStatus, string[]]>([
  ['no vectors', video([]), ready, ['resnet50', 'colour']],
  ['colour alone', video([colour]), ready, ['resnet50']],
  ['both, the model not loaded yet', video([colour, network]), ready, []],
  ['both, the same model', video([colour, network]), { ...ready, sha256: 'aa', input }, []],
  ['both, another model', video([colour, network]), { ...ready, sha256: 'bb', input }, ['resnet50']],
  [
    'both, fed in another way',
    video([colour, network]),
    { ...ready, sha256: 'aa', input: { ...input, channels: 'BGR' } },
    ['resnet50'],
  ],
  ['an older version', video([colour, { ...network, version: 0 }]), ready, ['resnet50']],
])('%s', (_, record, status, expected) => {
  expect(missing(record, status)).toEqual(expected);
});

test('imported vectors are a space of their own', () => {
  const imported = { ...video([colour]), spaces: [spaceKey(colour), 'import:0123'] };
  expect(missing(imported, ready)).toEqual(['resnet50']);
});

test('another framing needs other vectors', () => {
  expect(missing(video([colour, network]), ready, 'centre-crop')).toEqual(['resnet50']);
});
