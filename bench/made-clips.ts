import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** 640x360; both have the same two minutes, the second 60 times. */
export function shortAndLongClips(): { readonly short: string; readonly long: string } {
  const short = made('two-minutes.mp4', [...pattern('640x360', 120), '-b:v', '400k']);
  const long = made('two-hours.mp4', ['-stream_loop', '59', '-i', short, '-c', 'copy']);
  return { short, long };
}

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
    // A box that players skip makes each file another video.
    const box = Buffer.alloc(24);
    box.writeUInt32BE(24, 0);
    box.write('free', 4);
    box.writeDoubleBE(i, 8);
    writeFileSync(path, Buffer.concat([bases[i % bases.length] as Buffer, box]));
  }
}
