import type { SoundBlock } from '../../core/media';
import type { ThumbnailStrip } from '../../protocol/extract-api';

const width = 320;
const height = 180;
/** Bars of the picture, each with a gap beside it. */
const bars = 80;
/** Seconds that one peak stands for while nothing tells how long the sound is. */
const resolution = 0.02;

/** Gathers the loudness of a sound for its picture. */
export function createWaveform(): {
  add(block: SoundBlock): void;
  /** The picture of a file without frames: its loudness over time. */
  draw(): Promise<ThumbnailStrip>;
} {
  const peaks: number[] = [];
  return {
    add({ samples, sampleRate, time }) {
      for (let i = 0; i < samples.length; i++) {
        const at = Math.floor((time + i / sampleRate) / resolution);
        const value = Math.abs(samples[i] as number);
        if (!(value <= (peaks[at] ?? -1))) peaks[at] = value;
      }
    },
    async draw() {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d canvas');
      context.fillStyle = '#1b2530';
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#7fb2d9';
      const step = width / bars;
      loudness(peaks).forEach((level, bar) => {
        const length = Math.max(2, level * 0.8 * height);
        context.fillRect(bar * step + step / 4, (height - length) / 2, step / 2, length);
      });
      const image = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      return { images: [image], times: [0], width, height };
    },
  };
}

/** The peak of each bar's stretch, as a share of the loudest. */
function loudness(peaks: readonly number[]): Float64Array {
  const levels = new Float64Array(bars);
  for (const [i, peak] of peaks.entries()) {
    const bar = Math.floor((i * bars) / peaks.length);
    levels[bar] = Math.max(levels[bar] as number, peak ?? 0);
  }
  // Short sounds have fewer peaks than bars.
  if (peaks.length < bars)
    for (const bar of levels.keys()) levels[bar] = peaks[Math.floor((bar * peaks.length) / bars)] ?? 0;
  const loudest = Math.max(...levels, 1e-6);
  return levels.map((level) => level / loudest);
}
