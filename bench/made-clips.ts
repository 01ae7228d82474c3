import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = join(import.meta.dirname, '../.cache/bench-clips');

/** Made once by native ffmpeg and kept under `.cache`; gives its path. */
function made(name: string, options: readonly string[]): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `unfinished-${name}`);
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...options, unfinished]);
  if (status !== 0) throw new Error(`ffmpeg made no ${name}: ${stderr}`);
  renameSync(unfinished, path);
  return path;
}

/** Moving patterns with noise, so that frames cost what frames of films cost. */
const pattern = (size: string, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=30:d=${seconds},noise=alls=12:allf=t`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p'],
];

/** H.264 1920x1080, 30 frames a second, a key frame every two seconds, about 8 Mbit/s. */
export const fullHdClip = (seconds: number) =>
  made(`1080p-${seconds}.mp4`, [...pattern('1920x1080', seconds), '-b:v', '8M']);

/** 1920x1080; both have the same two minutes, the second 60 times. */
export function shortAndLongClips(): { readonly short: string; readonly long: string } {
  const short = made('1080p-two-minutes.mp4', [...pattern('1920x1080', 120), '-b:v', '1500k']);
  const long = made('1080p-two-hours.mp4', ['-stream_loop', '59', '-i', short, '-c', 'copy']);
  return { short, long };
}

/** 3840x2160 for twenty seconds. */
export const ultraHdClip = () => made('2160p-20.mp4', [...pattern('3840x2160', 20), '-b:v', '16M']);

/** The same in AVI, MPEG-4 part 2, which browsers do not decode, 1920x1080 for ten seconds. */
export const fullHdAvi = () =>
  made('1080p-10.avi', [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=30:d=10,noise=alls=12:allf=t'],
    ...['-c:v', 'mpeg4', '-vtag', 'xvid', '-b:v', '8M'],
  ]);

/** 640x360 for twenty seconds. */
export const smallClip = () => made('360p-20.mp4', [...pattern('640x360', 20), '-b:v', '1M']);

/** Writes `count` clips into a new folder, 64x48 for a second, all different to the app. */
export function tinyClips(into: string, count: number): void {
  const bases = Array.from({ length: 24 }, (_, i) => {
    const source = `testsrc2=s=64x48:r=10:d=1,hue=h=${15 * i}`;
    return readFileSync(made(`tiny-${i}.mp4`, ['-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-pix_fmt', 'yuv420p']));
  });
  mkdirSync(into);
  for (let i = 0; i < count; i++) {
    const path = join(into, `clip-${String(i).padStart(5, '0')}.mp4`);
    writeFileSync(path, anotherVideo(bases[i % bases.length] as Buffer, i));
  }
}

/** Copies of an MP4 file in a folder, all different to the app; gives their paths. */
export function copiesOf(path: string, into: string, count: number): string[] {
  const bytes = readFileSync(path);
  return Array.from({ length: count }, (_, i) => {
    const copy = join(into, `${i}-${basename(path)}`);
    writeFileSync(copy, anotherVideo(bytes, i));
    return copy;
  });
}

/** The same with a box that players skip. */
function anotherVideo(bytes: Buffer, number: number): Buffer {
  const box = Buffer.alloc(24);
  box.writeUInt32BE(24, 0);
  box.write('free', 4);
  box.writeDoubleBE(number, 8);
  return Buffer.concat([bytes, box]);
}
