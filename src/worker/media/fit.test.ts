import { expect, it } from 'vitest';
import { place } from './fit';

const asked = { width: 224, height: 224 };

it('squeezes the whole picture', () => {
  expect(place('squeeze', asked, 1920, 1080)).toEqual({
    scaledWidth: 224,
    scaledHeight: 224,
    left: 0,
    top: 0,
    ...asked,
  });
});

it('scales the short side to 256 for a crop of 224 and takes the centre', () => {
  expect(place('centre-crop', asked, 320, 240)).toEqual({
    scaledWidth: 341,
    scaledHeight: 256,
    left: 58,
    top: 16,
    ...asked,
  });
  expect(place('centre-crop', asked, 240, 320)).toEqual({
    scaledWidth: 256,
    scaledHeight: 341,
    left: 16,
    top: 58,
    ...asked,
  });
});

it('keeps the shape inside the box and never enlarges', () => {
  const box = { width: 320, height: 180 };
  expect(place('inside', box, 1080, 1920)).toMatchObject({ width: 101, height: 180 });
  expect(place('inside', box, 160, 120)).toMatchObject({ width: 160, height: 120 });
  expect(place('inside', box, 8000, 1)).toMatchObject({ width: 320, height: 1 });
});

it('bounds the crop of a sliver', () => {
  const { scaledWidth, scaledHeight } = place('centre-crop', asked, 8192, 1);
  expect(scaledWidth * scaledHeight).toBeLessThan(4e6);
});
