import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { native, nativeMissing } from '../../../e2e/fixtures/native-ffmpeg';
import { type FrameSampling, intervalTimes, uniformFrameIndices, uniformTimes } from '../../core/sampling';
import { decodeArguments, type FfmpegStream, outputPath, selectExpression } from './ffmpeg-arguments';
import { createTimestampReader } from './ffmpeg-log';
import { inputPath } from './ffmpeg-paths';
import { targetsOf } from './instants';

const frames = 47;
const stream: FfmpegStream = {
  index: 0,
  startTime: 0,
  duration: frames / 25,
  frameDuration: 1 / 25,
  width: 64,
  height: 48,
  rotation: 0,
  indexed: true,
};

describe.skipIf(nativeMissing)('commands, run by native ffmpeg', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reelmatch-'));
    const clip = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=64x48:r=25',
      '-frames:v',
      String(frames),
      '-c:v',
      'mpeg4',
      join(folder, 'clip.avi'),
    ];
    native('ffmpeg', clip);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Frame numbers that each sampling got, and the bytes written. */
  async function decode(
    samplings: readonly FrameSampling[],
    frameCount: number | undefined,
    of = stream,
    from?: number,
    state?: object,
  ) {
    const branches = samplings.map((sampling) => {
      const targets = targetsOf(sampling, { frameCount, duration: of.duration });
      return { sampling, select: selectExpression(targets, sampling.instants, of, state), limit: 1000 };
    });
    const rename = (arg: string) =>
      arg === inputPath
        ? join(folder, 'clip.avi')
        : samplings.some((_, i) => arg === outputPath(i))
          ? join(folder, arg)
          : arg;
    const { log } = native('ffmpeg', ['-y', ...decodeArguments(of, branches, from).map(rename)]);
    const reader = createTimestampReader(samplings.length);
    for (const line of log.split(/[\r\n]+/)) reader.read(line);
    const bytes = await Promise.all(samplings.map((_, i) => readFile(join(folder, outputPath(i)))));
    return { indices: reader.times.map((times) => times.map((time) => Math.round(time * 25))), bytes };
  }

  const distinct = (indices: Iterable<number>) => [...new Set(indices)];
  const onScreen = (times: Float64Array) =>
    distinct([...times].map((time) => Math.min(frames - 1, Math.floor(time * 25 + 1e-6))));
  const uniform = (count: number, width = 8, fit: FrameSampling['fit'] = 'squeeze'): FrameSampling => ({
    instants: { mode: 'uniform', frames: count },
    width,
    height: 8,
    fit,
  });

  it('take exactly the frames floor((i + 0.5) n / N), for every sampling in one run', async () => {
    const counts = [1, 8, 20, 47, 60];
    const { indices } = await decode(
      counts.map((count) => uniform(count)),
      frames,
    );
    expect(indices).toEqual(counts.map((count) => distinct(uniformFrameIndices(frames, count))));
  });

  it('take the frames on screen in a part of the file alone', async () => {
    const parts = [
      { from: 0, to: 0.5 },
      { from: 0.3, to: 1.1 },
      { from: 1.5, to: stream.duration },
    ];
    const within = (part: { from: number; to: number }, count: number) =>
      uniformTimes(part.to - part.from, count).map((time) => part.from + time);
    const samplings = parts.map((part) => ({ ...uniform(8), instants: { mode: 'uniform', frames: 8, part } as const }));
    const { indices } = await decode(samplings, frames);
    expect(indices).toEqual(parts.map((part) => onScreen(within(part, 8))));
  });

  it('take the frames on screen at fractions of the duration where their number is not known', async () => {
    const { indices } = await decode([uniform(8), uniform(60)], undefined);
    expect(indices).toEqual([onScreen(uniformTimes(stream.duration, 8)), onScreen(uniformTimes(stream.duration, 60))]);
  });

  it.each([0.5, 0.04, 0.03, 100])('take a frame every %d s', async (seconds) => {
    const { indices } = await decode([{ ...uniform(1), instants: { mode: 'interval', seconds } }], frames);
    expect(indices).toEqual([onScreen(intervalTimes(stream.duration, seconds))]);
  });

  it('go on after a segment without loss or repetition', async () => {
    const after = 20 / 25;
    const every: FrameSampling = { ...uniform(1), instants: { mode: 'every' } };
    const rest = await decode([every], frames, stream, after + 0.02, { after });
    expect(rest.indices[0]).toEqual(Array.from({ length: 26 }, (_, i) => 21 + i));
    const interval: FrameSampling = { ...every, instants: { mode: 'interval', seconds: 0.2 } };
    const times = intervalTimes(stream.duration, 0.2);
    const { indices } = await decode([interval], frames, stream, after + 0.02, { done: 5, after });
    expect(indices[0]).toEqual(onScreen(times.subarray(5)));
  });

  it('write frames of the size asked, turned and cropped', async () => {
    const turned = { ...stream, rotation: 90 as const, width: 48, height: 64 };
    const { bytes } = await decode(
      [uniform(2, 6), uniform(2, 8, 'centre-crop'), uniform(2, 32, 'inside')],
      frames,
      turned,
    );
    expect(bytes.map(({ length }) => length / 2 / 3)).toEqual([6 * 8, 8 * 8, 6 * 8]);
  });
});

it('lets nothing but the mounted file be opened', () => {
  const args = decodeArguments(stream, [{ sampling: { width: 8, height: 8, fit: 'squeeze' }, select: '1', limit: 1 }]);
  expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('file');
  expect(args.indexOf('-format_whitelist')).toBeLessThan(args.indexOf('-i'));
  expect(args[args.indexOf('-format_whitelist') + 1]).not.toMatch(/concat|hls|lavfi|image2/);
});
