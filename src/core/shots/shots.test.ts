import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../feature';
import { seededRandom } from '../random';
import { detectCuts } from './detect-cuts';
import { detectDissolves } from './detect-dissolves';
import { type FrameSignature, frameSignatures } from './frame-difference';
import { shotsBetween, summarise } from './shot';

const [width, height] = [64, 48];

function signatures(data: Uint8Array): readonly FrameSignature[] {
  const count = data.length / (width * height * 3);
  return frameSignatures({ data, count, width, height, times: new Float64Array(count) });
}

/** A picture of plain bands that moves to the right by `shift` pixels. */
function bands(seed: number, shift: number, light = 0): Uint8Array {
  const random = seededRandom(seed);
  const colours = Array.from({ length: 8 }, () => [random(), random(), random()].map((value) => 40 + 160 * value));
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = (Math.floor(i / 3) % width) + shift;
    return Math.min(255, light + (colours[Math.floor(x / 8) % 8]?.[i % 3] ?? 0));
  });
}

const joined = (pictures: readonly Uint8Array[]) => signatures(Uint8Array.from(pictures.flatMap((each) => [...each])));
const moving = (seed: number, count: number) => Array.from({ length: count }, (_, i) => bands(seed, i));

describe('detectCuts', () => {
  it('finds where one moving picture gives way to another', () => {
    expect(detectCuts(joined([...moving(1, 12), ...moving(2, 9), ...moving(3, 12)]))).toEqual([12, 21]);
  });

  it('takes neither movement nor a flash for a cut', () => {
    const flashed = moving(1, 30).map((picture, i) => (i === 14 || i === 15 ? bands(1, i, 200) : picture));
    expect(detectCuts(joined(flashed))).toEqual([]);
  });

  it('has nothing to find in one frame or none', () => {
    expect(detectCuts(joined(moving(1, 1)))).toEqual([]);
    expect(detectCuts([])).toEqual([]);
  });
});

describe('detectDissolves', () => {
  /** A still with some grain, as a camera has it: plain colours would leap from one kind to the next. */
  const grainy = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => bands(seed, 0).map((value) => value + 60 * (random() - 0.5)));
  };
  const mixed = (a: Uint8Array, b: Uint8Array, share: number) =>
    a.map((value, i) => Math.round(value * (1 - share) + (b[i] as number) * share));

  it.each([10, 16, 28])('finds where one picture becomes another in %d frames', (length) => {
    const [before, after] = [grainy(1, 20 + length), grainy(5, 20 + length)];
    const between = before
      .slice(20)
      .map((picture, i) => mixed(picture, after[i] as Uint8Array, (i + 1) / (length + 1)));
    const frames = joined([...before.slice(0, 20), ...between, ...after.slice(length)]);
    expect(detectCuts(frames)).toEqual([]);
    const found = detectDissolves(frames, []);
    expect(found).toHaveLength(1);
    expect(Math.abs((found[0] as number) - 20 - length / 2)).toBeLessThanOrEqual(length / 2);
  });

  it('takes neither a cut nor what goes on for one', () => {
    const frames = joined([...moving(1, 30), ...moving(2, 30)]);
    expect(detectDissolves(frames, detectCuts(frames))).toEqual([]);
    expect(detectDissolves(joined([bands(1, 0)]), [])).toEqual([]);
  });
});

it('parts a video at its cuts', () => {
  const times = Float64Array.from({ length: 6 }, (_, i) => i / 2);
  expect(shotsBetween([2, 4], times, 3)).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 2 },
    { from: 2, to: 3 },
  ]);
});

it('sums a video up by shots that differ, in order', () => {
  const shots = [0, 1, 2, 3].map((from) => ({ from, to: from + 1 }));
  const vectors = Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0.01, 0, 0, 0, 1);
  const sum = (metric: Metric, most: number) => {
    const steps = summarise(shots, vectors, metric, most);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  };
  expect(sum('cosine', 9)).toHaveLength(3);
  expect(sum('cosine', 1)).toEqual([2]);
});

/** Frames of a clip as native ffmpeg gives them, small. */
function decoded(...input: readonly string[]): readonly FrameSignature[] {
  const options = ['-vf', `scale=${width}:${height}:flags=bilinear`, '-pix_fmt', 'rgb24', '-vsync', '0'];
  const args = ['-v', 'error', '-threads', '1', ...input, ...options, '-f', 'rawvideo', '-'];
  return signatures(execFileSync('ffmpeg', args, { maxBuffer: 1 << 28 }));
}

/** Joins clips in random order and counts cuts that were found, missed and made up. */
function judge(clips: ReadonlyMap<string, readonly FrameSignature[]>, series: number, length: number) {
  const random = seededRandom(5);
  const sourceOf = (name: string) => name.replace(/_c\d+\..*/, '');
  let [found, known, told, dissolves] = [0, 0, 0, 0];
  for (let n = 0; n < series; n++) {
    const frames: FrameSignature[] = [];
    const cuts: number[] = [];
    let last = '';
    while (cuts.length < length) {
      const name = [...clips.keys()][Math.floor(random() * clips.size)] as string;
      // Clips of one source follow one another without a cut to be seen.
      if (sourceOf(name) === last) continue;
      last = sourceOf(name);
      const own = clips.get(name) as readonly FrameSignature[];
      const part = 10 + Math.floor(random() * 50);
      const from = Math.floor(random() * Math.max(1, own.length - part));
      if (frames.length > 0) cuts.push(frames.length);
      frames.push(...own.slice(from, from + part));
    }
    const hits = detectCuts(frames);
    dissolves += detectDissolves(frames, hits).length;
    known += cuts.length;
    told += hits.length;
    found += hits.filter((hit) => cuts.includes(hit)).length;
  }
  return { precision: found / told, recall: found / known, known, dissolves };
}

const videos = resolve(import.meta.dirname, '../../../../shared/videos/ucf101');

describe('hard cuts of joined clips', () => {
  it.skipIf(!existsSync(videos))('of UCF101', { timeout: 300_000 }, () => {
    const clips = new Map<string, readonly FrameSignature[]>();
    for (const label of readdirSync(videos)) {
      // The test must end on a busy machine: every eighth clip.
      const names = readdirSync(join(videos, label)).sort();
      for (const name of names.filter((_, i) => i % 8 === 0)) clips.set(name, decoded('-i', join(videos, label, name)));
    }
    const { precision, recall, known, dissolves } = judge(clips, 40, 10);
    console.log(
      `${known} cuts: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, dissolves ${dissolves}`,
    );
    expect(dissolves).toBeLessThanOrEqual(0.02 * known);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });

  const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;
  it.skipIf(!hasFfmpeg)('of generated pictures', { timeout: 120_000 }, () => {
    const sources = [
      'mandelbrot=r=15',
      'testsrc=r=15',
      'smptehdbars=r=15',
      'life=r=15:mold=10:ratio=0.3',
      'testsrc2=r=15',
    ];
    const hues = ['', ',hue=h=120'];
    const clips = new Map(
      sources.flatMap((source) =>
        hues.map((hue) => [source + hue, decoded('-f', 'lavfi', '-i', source + hue, '-t', '3')] as const),
      ),
    );
    const { precision, recall } = judge(clips, 10, 8);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });
});
