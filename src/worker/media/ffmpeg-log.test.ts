import { expect, it } from 'vitest';
import { createTimestampReader, readFinalStatistics } from './ffmpeg-log';

it('reads exact timestamps of each branch', () => {
  const reader = createTimestampReader(2);
  for (const line of [
    '[showinfo@s1 @ 0x5598] config in time_base: 1001/30000, frame_rate: 30000/1001',
    '[showinfo@s0 @ 0x5597] config in time_base: 1/90000, frame_rate: 25/1',
    '[showinfo@s0 @ 0x5597] n:   0 pts: 126000 pts_time:1.4     pos:      564 fmt:yuv420p sar:1/1 s:720x576 i:T iskey:1 type:I ',
    '[showinfo@s0 @ 0x5597] color_range:tv color_space:unknown',
    '[showinfo@s1 @ 0x5598] n:   0 pts:      5 pts_time:0.166833 pos:    28646 fmt:yuv420p',
    '[showinfo@s1 @ 0x5598] n:   1 pts:   NOPTS pts_time:NOPTS',
    'frame=    1 fps=0.0 q=0.0 size=       0kB time=00:00:00.00 bitrate=N/A speed=   0x',
  ]) {
    reader.read(line);
  }
  expect(reader.times).toEqual([[1.4], [(5 * 1001) / 30000, Number.NaN]]);
});

it('reads the last statistics of a log', () => {
  const log = [
    'frame=    1 fps=0.0 time=00:00:00.04 x frame=   93 fps=0.0 q=-1.0 Lsize=N/A time=01:02:03.50 bitrate=N/A',
    'video:1kB',
  ];
  expect(readFinalStatistics(log)).toEqual({ frames: 93, seconds: 3723.5 });
  expect(readFinalStatistics(['Conversion failed!'])).toBeUndefined();
});
