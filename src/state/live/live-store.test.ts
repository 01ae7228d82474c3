import { expect, it } from 'vitest';
import { spaceKey } from '../../core/feature';
import type { HeadEntry } from '../../protocol/classify-api';
import { isLive } from './live-store';

it('offers live what takes one vector of a known descriptor, trained here or imported', () => {
  const space = spaceKey({ extractor: 'resnet50', version: 1, modelHash: 'ab', preprocessing: 'squeeze' });
  const imported: HeadEntry = { id: 'a', name: 'A', created: '', space, classes: 2 };
  expect(isLive({ ...imported, kind: 'network' })).toBe(true);
  expect(isLive({ ...imported, kind: 'nearest-neighbours' })).toBe(true);
  expect(isLive({ ...imported, kind: 'attention' })).toBe(false);
  expect(isLive({ ...imported, kind: 'gru' })).toBe(false);
  expect(isLive({ ...imported, kind: 'network', space: undefined })).toBe(false);
});
