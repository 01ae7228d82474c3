import { useEffect } from 'react';
import { useStores } from '../state/stores';

/** Notes what is played, wherever a `<video>` says of which video of the library it is by `data-video`. */
export function useWatching(): void {
  const { watched } = useStores();
  useEffect(() => {
    const counting = new WeakSet<HTMLVideoElement>();
    const onPlay = ({ target }: Event) => {
      if (!(target instanceof HTMLVideoElement)) return;
      const id = target.dataset.video;
      // It says so again after every stall.
      if (id === undefined || counting.has(target)) return;
      counting.add(target);
      const began = performance.now();
      const ended = new AbortController();
      const note = () => {
        ended.abort();
        counting.delete(target);
        watched.getState().note({ id, at: Date.now(), seconds: (performance.now() - began) / 1000 });
      };
      // On the element itself: it may have left the document by then.
      for (const end of ['pause', 'ended', 'emptied']) target.addEventListener(end, note, { signal: ended.signal });
      window.addEventListener('pagehide', note, { signal: ended.signal });
    };
    document.addEventListener('playing', onPlay, true);
    return () => document.removeEventListener('playing', onPlay, true);
  }, [watched]);
}
