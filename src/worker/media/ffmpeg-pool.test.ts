import { expect, test } from 'vitest';
import { serial } from '../../core/async';
import type { FfmpegHost, FfmpegSession } from './ffmpeg-core';
import { createFfmpegPool, ffmpegHosts } from './ffmpeg-pool';

test('one host on two cores, never more than four', () => {
  expect([1, 2, 3, 6, 16].map(ffmpegHosts)).toEqual([1, 1, 1, 4, 4]);
});

test('a session goes to the host with the fewest before it, the first while all are idle', async () => {
  const used: number[] = [];
  const hosts = [0, 1].map((index): FfmpegHost => {
    const queue = serial();
    return {
      close: () => undefined,
      use: (_file, _signal, work) => {
        used.push(index);
        return queue(() => work({} as FfmpegSession));
      },
    };
  });
  const pool = createFfmpegPool(hosts);
  const open: (() => void)[] = [];
  const session = () =>
    pool.use(undefined, undefined, () => new Promise<void>((resolve) => open.push(resolve))).catch(() => undefined);
  const both = [session(), session()];
  await new Promise((resolve) => setTimeout(resolve));
  open[1]?.();
  await both[1];
  const third = session();
  await new Promise((resolve) => setTimeout(resolve));
  for (const end of open) end();
  await Promise.all([both[0], third]);
  await Promise.all([pool.use(undefined, undefined, async () => undefined)]);
  expect(used).toEqual([0, 1, 1, 0]);
  await expect(
    pool.use(undefined, undefined, async () => {
      throw new Error('broken');
    }),
  ).rejects.toThrow('broken');
  await pool.use(undefined, undefined, async () => undefined);
  expect(used.slice(4)).toEqual([0, 0]);
});
