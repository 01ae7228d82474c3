/** How many clips the sample library has. */
export const sampleCount = 24;

/** One clip of the sample library: where it lies, and the options of ffmpeg (any build with lavfi, libx264 and aac) that make it. */
export type SampleClip = {
  readonly family: string;
  readonly name: string;
  readonly path: string;
  /** Options up to, and without, the output file. */
  readonly arguments: readonly string[];
};

const seconds = 4;
const size = '320x240';
const rate = 25;

/** Families differ in what they show; a clip of a family differs from its kin by place, seed, rule or hue. */
const families: readonly { readonly name: string; readonly tone: number; readonly clips: readonly string[] }[] = [
  {
    name: 'Mandelbrot',
    tone: 220,
    clips: [
      ['-0.743643887037151', '-0.131825904205330', 1.2],
      ['-0.1607', '-1.0376', 1.6],
      ['-1.25066', '-0.02012', 1.4],
      ['-0.7453', '-0.1127', 0.9],
    ].map(
      ([x, y, scale]) => `mandelbrot=s=${size}:r=${rate}:start_x=${x}:start_y=${y}:start_scale=${scale}:end_pts=160`,
    ),
  },
  {
    name: 'Life',
    tone: 330,
    clips: [11, 23, 37, 53].map(
      (seed, i) =>
        `life=s=80x60:r=${rate}:mold=${8 + 4 * i}:ratio=${0.25 + 0.03 * i}:seed=${seed}:` +
        `death_color=0x204020:life_color=0x60ff60:mold_color=0x103010,scale=${size}:flags=neighbor`,
    ),
  },
  {
    name: 'Automaton',
    tone: 440,
    clips: [30, 110, 73, 45].map(
      (rule, i) =>
        `cellauto=s=160x120:r=${rate}:rule=${rule}:seed=${100 + i}:ratio=0.5:scroll=1,scale=${size}:flags=neighbor`,
    ),
  },
  {
    name: 'TestCard',
    tone: 550,
    clips: [0, 12, -12, 20].map(
      (hue, i) => `testsrc2=s=${size}:r=${rate},trim=start=${3 * i},setpts=PTS-STARTPTS,hue=h=${hue}`,
    ),
  },
  {
    name: 'Gradients',
    tone: 660,
    // Colours that are not given are random whatever the seed, and the clip another one each time.
    clips: [3, 19, 41, 67].map(
      (seed, i) =>
        `gradients=s=${size}:r=${rate}:n=${3 + (i % 2)}:c0=0xff${9 - i}030:c1=0x${9 - i}01060:c2=0xffd0${2 + i}0:c3=0xc02040:` +
        `seed=${seed}:speed=${0.01 + 0.005 * i}:type=${i % 2 ? 'radial' : 'linear'}`,
    ),
  },
  {
    name: 'Sierpinski',
    tone: 770,
    clips: [5, 17, 29, 43].map(
      (seed, i) =>
        `sierpinski=s=${size}:r=${rate}:seed=${seed}:jump=${60 + 20 * i}:type=${i % 2 ? 'carpet' : 'triangle'}`,
    ),
  },
];

/** Clip `index`, 0 to 23: the first clip of each family, then the second of each, and so on, so that a few show variety. */
export function sampleClip(index: number): SampleClip {
  const family = families[index % families.length];
  const number = Math.floor(index / families.length);
  const source = family?.clips[number];
  if (!family || !source) throw new RangeError(`there is no sample clip ${index}`);
  const name = `${family.name}_${number + 1}.mp4`;
  const tone = `sine=frequency=${family.tone + 10 * number}:beep_factor=${2 + number}:sample_rate=44100`;
  return {
    family: family.name,
    name,
    path: `Sample library/${family.name}/${name}`,
    arguments: [
      ...['-f', 'lavfi', '-i', source, '-f', 'lavfi', '-i', tone, '-t', String(seconds)],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '25', '-pix_fmt', 'yuv420p'],
      ...[
        '-c:a',
        'aac',
        '-b:a',
        '64k',
        '-flags',
        '+bitexact',
        '-fflags',
        '+bitexact',
        '-movflags',
        '+faststart',
        '-f',
        'mp4',
      ],
    ],
  };
}
