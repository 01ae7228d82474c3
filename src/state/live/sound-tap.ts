import workletUrl from './sound-tap.worklet.ts?worker&url';

/** The sound of a running source, the last second of it. */
export type SoundTap = {
  /** What was heard last, once there is a second of it, and when its end was heard (as `performance.now`). */
  latest(): { readonly samples: Float32Array; readonly sampleRate: number; readonly until: number } | undefined;
  close(): void;
};

const seconds = 1;

/** Listens to a stream, or to an element that goes on being heard. */
export async function openSoundTap(source: MediaStream | HTMLMediaElement): Promise<SoundTap> {
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule(workletUrl);
    const tap = new AudioWorkletNode(context, 'sound-tap');
    // What leads nowhere is not run: it leads to the loudspeaker, muted.
    const mute = new GainNode(context, { gain: 0 });
    const input =
      source instanceof MediaStream
        ? context.createMediaStreamSource(source)
        : context.createMediaElementSource(source);
    input.connect(tap).connect(mute).connect(context.destination);
    if (!(source instanceof MediaStream)) input.connect(context.destination);
    await context.resume();

    const length = Math.ceil(seconds * context.sampleRate);
    const ring = new Float32Array(length);
    let heard = 0;
    let until = 0;
    tap.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      for (const sample of data) ring[heard++ % length] = sample;
      until = performance.now();
    };
    return {
      latest() {
        if (heard < length) return undefined;
        const at = heard % length;
        const samples = new Float32Array(length);
        samples.set(ring.subarray(at));
        samples.set(ring.subarray(0, at), length - at);
        return { samples, sampleRate: context.sampleRate, until };
      },
      close: () => void context.close(),
    };
  } catch (error) {
    void context.close();
    throw error;
  }
}
