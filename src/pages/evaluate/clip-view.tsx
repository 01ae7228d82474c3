import { useEffect, useState } from 'react';
import { useStores } from '../../state/stores';
import { useBlobUrl } from '../../ui/blob-url';
import classes from '../evaluation.module.css';

/** The middle frame of a library video; an empty frame where there is none. */
export function ClipThumbnail({ id }: { readonly id: string | undefined }) {
  const { engine } = useStores();
  const [image, setImage] = useState<Blob>();
  useEffect(() => {
    let current = true;
    if (id !== undefined) {
      void engine.library
        .thumbnails({ id })
        .catch(() => undefined)
        .then((strip) => {
          if (current) setImage(strip?.images[Math.floor(strip.images.length / 2)]);
        });
    }
    return () => {
      current = false;
    };
  }, [engine, id]);
  const url = useBlobUrl(image);
  return url ? <img className={classes.thumb} src={url} alt="" /> : <div className={classes.thumb} />;
}
