import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { native, nativeMissing } from '../../../e2e/fixtures/native-ffmpeg';
import type { FrameSampling } from '../../core/sampling';
import { decodeWithFfmpeg } from './ffmpeg';
import type { FfmpegSession } from './ffmpeg-core';
import { jumpsPay } from './ffmpeg-cost';
import { inputPath } from './ffmpeg-paths';
import { probeWithFfmpeg } from './ffmpeg-probe';

vi.mock('./ffmpeg-cost', () => ({ jumpsPay: vi.fn(() => false) }));

const seconds = 20;
const uniform = (frames: number): FrameSampling => ({
  instants: { mode: 'uniform', frames },
  width: 16,
  height: 12,
  fit: 'squeeze',
});
const samplings = [uniform(8), uniform(5), { ...uniform(1), instants: { mode: 'interval', seconds: 3.1 } } as const];

describe.skipIf(nativeMissing)('long files, by native ffmpeg', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reelmatch-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => vi.mocked(jumpsPay).mockReturnValue(false));

  function clip(name: string, ...options: readonly string[]): string {
    const path = join(folder, name);
    native('ffmpeg', ['-y', '-f', 'lavfi', '-i', `testsrc2=s=64x48:r=25:d=${seconds}`, ...options, path]);
    return path;
  }

  /** Native ffmpeg in place of the core; `said` is added to the log of commands that jump. */
  function sessionOf(path: string, said: readonly string[] = []) {
    const commands: (readonly string[])[] = [];
    const place = (argument: string) =>
      argument === inputPath ? path : argument.startsWith('/frames') ? join(folder, argument) : argument;
    const session: FfmpegSession = {
      async run(args, listeners) {
        commands.push(args);
        const { log } = native('ffmpeg', ['-y', ...args.map(place)]);
        const lines = [...log.split(/[\r\n]+/), ...(args.includes('-ss') ? said : [])];
        for (const line of lines) listeners?.onLine?.(line);
        return { code: 0, log: lines, output: [] };
      },
      async probe(args) {
        const { output, log } = native('ffprobe', args.map(place));
        return { code: 0, log: log.split('\n'), output: output.toString().split('\n') };
      },
      async take(output) {
        const bytes = await readFile(place(output)).catch(() => undefined);
        await rm(place(output), { force: true });
        return bytes && new Uint8Array(bytes);
      },
    };
    return { session, commands };
  }

  async function decode(path: string, said?: readonly string[]) {
    const { session, commands } = sessionOf(path, said);
    const { stream, probe } = await probeWithFfmpeg(session, 'other');
    if (!stream) throw new Error('there is no picture');
    const frames = samplings.map(() => ({ times: [] as number[], bytes: [] as number[] }));
    const { sought } = await decodeWithFfmpeg(session, {
      samplings,
      stream,
      frameCount: probe.video?.frameCount,
      onFrames: async (sampling, { times, data }) => {
        frames[sampling]?.times.push(...times);
        frames[sampling]?.bytes.push(...data);
      },
      onProgress: () => undefined,
      sound: undefined,
    });
    return { frames, sought, jumps: commands.filter((args) => args.includes('-ss')).length };
  }

  it.each([
    ['AVI with B-frames', 'bframes.avi', ['-c:v', 'mpeg4', '-bf', '2', '-g', '50']],
    ['MKV with B-frames', 'bframes.mkv', ['-c:v', 'libx264', '-bf', '3', '-g', '60']],
    ['a transport stream', 'stream.ts', ['-c:v', 'mpeg2video', '-bf', '2', '-g', '15']],
    ['a program stream', 'stream.mpg', ['-c:v', 'mpeg2video', '-bf', '2', '-g', '15']],
  ])('jumps take the frames that the whole file gives: %s', async (_, name, options) => {
    const path = clip(name, ...options);
    const whole = await decode(path);
    expect(whole).toMatchObject({ sought: 'linear', jumps: 0 });
    vi.mocked(jumpsPay).mockReturnValue(true);
    const jumped = await decode(path);
    expect(jumped.sought).toBe('exact');
    expect(jumped.jumps).toBeGreaterThan(5);
    for (const [i, { times, bytes }] of whole.frames.entries()) {
      expect(jumped.frames[i]?.times).toEqual(times);
      expect(jumped.frames[i]?.bytes).toEqual(bytes);
    }
  });

  it('decodes the whole file where ffmpeg cannot jump in it', async () => {
    const path = clip('plain.avi', '-c:v', 'mpeg4');
    const whole = await decode(path);
    vi.mocked(jumpsPay).mockReturnValue(true);
    const tried = await decode(path, ['/in/media: could not seek to position 1.234']);
    expect(tried).toMatchObject({ sought: 'linear', jumps: 1 });
    expect(tried.frames).toEqual(whole.frames);
  });
});
