import { expect, it } from 'vitest';
import { colouringOf, fifths, fifthsOf } from './map-colours';

const isThere = () => true;
const namesOf = ({ legend }: ReturnType<typeof colouringOf>) => legend.map(({ name, count }) => `${name} ${count}`);

it('puts the largest group first, and those of none last', () => {
  expect(namesOf(colouringOf(['a', 'b', undefined, 'b'], { without: 'no label', isThere }))).toEqual([
    'b 2',
    'a 1',
    'no label 1',
  ]);
});

it('counts no point that has left the library', () => {
  const groups = ['a', undefined, 'a', undefined];
  expect(namesOf(colouringOf(groups, { without: 'no label', isThere: (point) => point < 2 }))).toEqual([
    'a 1',
    'no label 1',
  ]);
});

it('keeps the order of groups that have one, whichever is the largest', () => {
  const groups = fifthsOf(Float32Array.of(6, 5, 4, 3, 2, 1));
  const { legend, marks } = colouringOf(groups, { without: 'unknown', isThere, order: fifths });
  expect(legend.map(({ name }) => name)).toEqual(fifths);
  expect([...marks]).toEqual([4, 3, 2, 1, 0, 0]);
});
