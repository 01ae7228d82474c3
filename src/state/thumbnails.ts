import type { LibraryApi } from '../protocol/library-api';

/** Pictures of the library's videos, the last ones kept: scrolling back shows them at once. */
export type Thumbnails = {
  /** What is kept of a video, without waiting. `version` changes whenever the pictures may have. */
  kept(id: string, version: string): readonly Blob[] | undefined;
  read(id: string, version: string): Promise<readonly Blob[]>;
};

const keptVideos = 400;

export function createThumbnails({ library }: { library: LibraryApi }): Thumbnails {
  const cache = new Map<string, readonly Blob[]>();
  const keyOf = (id: string, version: string) => `${id} ${version}`;
  return {
    kept: (id, version) => cache.get(keyOf(id, version)),
    async read(id, version) {
      const images = (await library.thumbnails({ id }))?.images ?? [];
      const key = keyOf(id, version);
      cache.delete(key);
      cache.set(key, images);
      const [oldest] = cache.keys();
      if (cache.size > keptVideos && oldest !== undefined) cache.delete(oldest);
      return images;
    },
  };
}
