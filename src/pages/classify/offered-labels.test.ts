import { expect, it } from 'vitest';
import { offeredLabels } from './offered-labels';

it('offers all labels, but of very many only what was suggested until the list is opened', () => {
  const all = Array.from({ length: 4800 }, (_, i) => `label ${i}`);
  const row = { label: 'label 7', suggested: ['label 3', 'label 7', 'label 9'], open: false };
  expect(offeredLabels(all, row)).toEqual(['label 7', 'label 3', 'label 9']);
  expect(offeredLabels(all, { ...row, open: true })).toBe(all);
  expect(offeredLabels(all.slice(0, 20), row)).toHaveLength(20);
});
