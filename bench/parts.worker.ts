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

  async decode({ name, sampling }: { name: string; sampling: FrameSampling }) {
    const known = opened.get(name);
    if (!known) throw new Error(`${name} was not probed`);
    let frames = 0;
    const started = performance.now();
    await decodeMedia({
      ...known,
      samplings: [sampling],
      onFrames: async (_sampling, batch) => {
        frames += batch.count;
      },
    });
    return { seconds: (performance.now() - started) / 1000, frames };
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
