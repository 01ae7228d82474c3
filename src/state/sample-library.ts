import { AppError } from '../core/errors';
import { sampleLibrary, type VideoRecord } from '../core/video';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';

export const sampleClips = 24;

/** Makes clip `index` and takes it into the library, where it waits to be indexed. Errors: those of `makeSample`, `enqueue`, `putProxy`. */
export async function makeSampleClip(
  index: number,
  { extract, library }: { extract: ExtractApi; library: LibraryApi },
  options: CallOptions & { readonly signal: AbortSignal },
): Promise<VideoRecord> {
  const { file, path } = await extract.makeSample({ index }, options);
  const id = await extract.identify({ file });
  options.signal.throwIfAborted();
  const location = { folder: null, path, bytes: file.size, modified: 0 };
  const family = path.split('/')[1] ?? sampleLibrary;
  const [video] = await library.enqueue({ files: [{ id, location, labels: [family] }] });
  if (!video) throw new AppError('video-missing', 'The clip was not taken into the library', { path });
  await library.putProxy({ id, proxy: file });
  return video;
}
