import { expect, it } from 'vitest';
import { framesOnScreen, positionsOfDistinct, targetsOf } from './instants';

const sampling = (instants: Parameters<typeof targetsOf>[0]['instants']) =>
  ({ instants, width: 8, height: 8, fit: 'squeeze' }) as const;

it('counts frames where their number is known, else takes fractions of the duration', () => {
  const uniform = sampling({ mode: 'uniform', frames: 4 });
  expect(targetsOf(uniform, { frameCount: 10, duration: 5 })).toEqual({
    by: 'index',
    indices: Int32Array.of(1, 3, 6, 8),
    frameCount: 10,
  });
  expect(targetsOf(uniform, { frameCount: undefined, duration: 8 })).toEqual({
    by: 'time',
    times: Float64Array.of(1, 3, 5, 7),
  });
  const part = sampling({ mode: 'uniform', frames: 4, part: { from: 2, to: 4 } });
  expect(targetsOf(part, { frameCount: 10, duration: 8 })).toEqual({
    by: 'time',
    times: Float64Array.of(2.25, 2.75, 3.25, 3.75),
  });
  expect(targetsOf(sampling({ mode: 'interval', seconds: 2 }), { frameCount: 10, duration: 5 })).toEqual({
    by: 'time',
    times: Float64Array.of(0, 2, 4),
  });
});

it('finds the frame on screen at each time', () => {
  expect([...framesOnScreen(Float64Array.of(0, 0.9, 1, 1.5, 9), [0.5, 1, 2])]).toEqual([0, 0, 1, 1, 2]);
});

it('maps repeated indices to one frame', () => {
  expect([...positionsOfDistinct(Int32Array.of(0, 0, 3, 3, 7))]).toEqual([0, 0, 1, 1, 2]);
});

it('looks at a film less often, where a shorter video is looked at more', () => {
  const instants = { mode: 'interval', seconds: 0.25, atMost: 240, atMostOfFilms: 60 } as const;
  const of = (duration: number, at: Parameters<typeof targetsOf>[0]['instants'] = instants) => {
    const targets = targetsOf(sampling(at), { frameCount: undefined, duration });
    return targets.by === 'time' ? [...targets.times] : [];
  };
  expect([10, 60, 1799, 1800, 7200].map((duration) => of(duration).length)).toEqual([40, 240, 240, 60, 60]);
  const often = of(7200, { mode: 'interval', seconds: 0.25, atMost: 240 });
  expect(of(7200)).toEqual(often.filter((_, i) => i % 4 === 0));
});
