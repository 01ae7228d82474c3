import type { Thumbnails } from '../../state/thumbnails';
import type { Picture } from '../../ui/point-map/draw-points';

/** Pictures of points, decoded and small; the ones that were drawn longest ago are let go of. */
export type PointPictures = {
  /** The picture where it is at hand; else it is fetched, and `onCome` called. */
  get(id: string, version: string): Picture | undefined;
  destroy(): void;
};

const kept = 400;
const atOnce = 4;
/** Pixels; twice what is drawn, for fine screens. */
const width = 168;

export function createPointPictures(thumbnails: Thumbnails, onCome: () => void): PointPictures {
  const pictures = new Map<string, Picture & { readonly image: ImageBitmap }>();
  const missing = new Set<string>();
  /** The last one asked for is the next one fetched: it is what is in view. */
  const wanted = new Map<string, string>();
  let busy = 0;
  let ended = false;

  const fetchNext = async () => {
    const last = [...wanted].at(-1);
    if (!last || busy >= atOnce || ended) return;
    const [id, version] = last;
    wanted.delete(id);
    busy++;
    try {
      const images = thumbnails.kept(id, version) ?? (await thumbnails.read(id, version));
      const blob = images[Math.floor(images.length / 2)];
      const image = blob && (await createImageBitmap(blob, { resizeWidth: width, resizeQuality: 'medium' }));
      if (!image) missing.add(id);
      else if (ended) image.close();
      else {
        pictures.set(id, { image, width: image.width, height: image.height });
        for (const [oldest, { image: old }] of pictures) {
          if (pictures.size <= kept) break;
          pictures.delete(oldest);
          old.close();
        }
        onCome();
      }
    } catch {
      // A point without a picture is still a point.
      missing.add(id);
    } finally {
      busy--;
      void fetchNext();
    }
  };

  return {
    get(id, version) {
      const known = pictures.get(id);
      if (known) {
        pictures.delete(id);
        pictures.set(id, known);
        return known;
      }
      if (missing.has(id)) return undefined;
      wanted.delete(id);
      wanted.set(id, version);
      const [oldest] = wanted.keys();
      if (wanted.size > kept / 2 && oldest !== undefined) wanted.delete(oldest);
      void fetchNext();
      return undefined;
    },
    destroy() {
      ended = true;
      wanted.clear();
      for (const { image } of pictures.values()) image.close();
      pictures.clear();
    },
  };
}
