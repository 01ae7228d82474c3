import type { MediaProbe } from '../src/core/media';
import type { FrameSampling } from '../src/core/sampling';
import { dominantColours } from '../src/extractors/colour/colour-strip';
import { serve } from '../src/protocol/comlink';
import { decodeMedia, probeMedia } from '../src/worker/media/open';

const opened = new Map<string, { readonly file: File; readonly probe: MediaProbe }>();

const api = {
  /** Probes a file and keeps it under `name`: decoding it then costs no second probe. */
  async probe({ name, file }: { name: string; file: File }): Promise<MediaProbe> {
    const probe = await probeMedia(file);
    opened.set(name, { file, probe });
    return probe;
  },

  /** `by` ffmpeg whatever the probe has chosen; `probing`: what the probe costs is part of it. */
  async decode({
    name,
    sampling,
    by,
    probing = false,
  }: {
    name: string;
    sampling: FrameSampling;
    by?: 'ffmpeg' | undefined;
    probing?: boolean | undefined;
  }) {
    const known = opened.get(name);
    if (!known) throw new Error(`${name} was not probed`);
    let frames = 0;
    // A file that was read before is remembered by its object.
    const file = probing ? new File([known.file], known.file.name) : known.file;
    const started = performance.now();
    const probe = probing ? await probeMedia(file) : known.probe;
    const { decoder, sought } = await decodeMedia({
      file,
      probe: by ? { ...probe, decoder: by } : probe,
      samplings: [sampling],
      onFrames: async (_sampling, batch) => {
        frames += batch.count;
      },
    });
    return { seconds: (performance.now() - started) / 1000, frames, decoder, sought };
  },

  /** `file` holds the RGB bytes of one picture. */
  async colours({ file }: { file: File }) {
    const pixels = new Uint8Array(await file.arrayBuffer());
    const started = performance.now();
    const { centroids } = dominantColours(pixels, 0);
    return { seconds: (performance.now() - started) / 1000, centroids: [...centroids] };
  },
};

/** Parts of the app's workers, each by itself. */
export type PartsApi = typeof api;

serve(api);
