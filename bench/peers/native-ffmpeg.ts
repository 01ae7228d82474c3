import { spawnSync } from 'node:child_process';
import type { Fit } from '../../src/core/media';

export type NativeDecode = {
  /** RGB, [frames x side x side x 3]. */
  readonly pixels: Uint8Array;
  readonly seconds: number;
  /** Processor time, seconds. */
  readonly processor: number;
};

/** Runs native ffmpeg on one file, every frame or those numbered. The times are ffmpeg's own (`-benchmark`): neither its
 * start, which loads some 200 libraries, nor opening the file is in them. */
export function decodeNatively(
  path: string,
  {
    side,
    fit,
    size,
    frames,
  }: Readonly<{ side: number; fit: Fit; size: readonly [number, number]; frames?: readonly number[] }>,
): NativeDecode {
  const filters = [...(frames ? [selectFrames(frames)] : []), ...framing(side, fit, size)].join(',');
  const input = ['-hide_banner', '-nostats', '-benchmark', '-nostdin', '-i', path, '-map', '0:v:0', '-vf', filters];
  const output = ['-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout, stderr, status } = spawnSync('ffmpeg', [...input, ...output], { maxBuffer: 2 ** 31 });
  const [, user, system, real] = /bench: utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s/.exec(`${stderr}`) ?? [];
  if (status !== 0 || !real) throw new Error(`ffmpeg failed on ${path}: ${stderr}`);
  return { pixels: stdout, seconds: Number(real), processor: Number(user) + Number(system) };
}

function selectFrames(frames: readonly number[]): string {
  return `select='${[...new Set(frames)].map((frame) => `eq(n,${frame})`).join('+')}'`;
}

function framing(side: number, fit: Fit, [width, height]: readonly [number, number]): readonly string[] {
  if (fit === 'squeeze') return [`scale=${side}:${side}:flags=bilinear`];
  const factor = (fit === 'cover' ? side : (side * 256) / 224) / Math.min(width, height);
  const scaled = `scale=${Math.round(width * factor)}:${Math.round(height * factor)}:flags=bilinear`;
  return [scaled, `crop=${side}:${side}`];
}
