import { expect, it } from 'vitest';
import { sampleClip, sampleCount } from './sample-arguments';

const clips = Array.from({ length: sampleCount }, (_, index) => sampleClip(index));

it('lists 24 different clips in 6 families of 4', () => {
  expect(new Set(clips.map(({ path }) => path)).size).toBe(24);
  expect(new Set(clips.map((clip) => clip.arguments.join(' '))).size).toBe(24);
  const families = [...new Set(clips.map(({ family }) => family))];
  expect(families.map((name) => clips.filter(({ family }) => family === name).length)).toEqual([4, 4, 4, 4, 4, 4]);
  expect(clips[0]?.path).toBe('Sample library/Mandelbrot/Mandelbrot_1.mp4');
});

it('has no clip beyond the last', () => {
  expect(() => sampleClip(24)).toThrow(RangeError);
});
