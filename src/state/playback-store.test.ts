import { describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { MediaProbe } from '../core/media';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import { createPlaybackStore, type PlaybackItem } from './playback-store';

const original = new File(['original'], 'clip.avi');
const copy = new Blob(['copy']);

const probe = (playable: boolean, decoder: MediaProbe['decoder'] = 'ffmpeg'): MediaProbe => ({
  container: 'avi',
  duration: 2,
  video: undefined,
  audio: undefined,
  decoder,
  playable,
});

/** An item of the library, and what the store did for it. */
function stage({ atHand = true, kept = undefined as Blob | undefined, full = false } = {}) {
  const did = { made: 0, kept };
  const extract = {
    makeProxy: (_: unknown, { signal }: { signal?: AbortSignal } = {}) =>
      new Promise((resolve, reject) => {
        did.made++;
        signal?.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
        setTimeout(() => resolve(copy), 5);
      }),
  } as unknown as ExtractApi;
  const library = {
    proxy: async () => did.kept,
    putProxy: async ({ proxy }: { proxy: Blob }) => {
      if (full) throw new AppError('storage-full', 'no room');
      did.kept = proxy;
    },
  } as unknown as LibraryApi;
  const store = createPlaybackStore({ extract, library, fileOf: async () => (atHand ? original : undefined) });
  const item = (changes: Partial<PlaybackItem> = {}): PlaybackItem => ({
    key: 'k',
    videoId: 'v',
    file: undefined,
    probe: probe(false),
    ...changes,
  });
  return { did, store, item, media: () => store.getState().media.k };
}

describe('playback store', () => {
  it('plays the file itself where the browser can, and a still image as one', async () => {
    const { did, store, item, media } = stage();
    await store.getState().open(item({ probe: probe(true) }));
    expect(media()).toEqual({ status: 'ready', source: original, still: false, copy: false });
    store.getState().close('k');
    await store.getState().open(item({ probe: probe(false, 'image') }));
    expect(media()).toMatchObject({ status: 'ready', still: true });
    expect(did.made).toBe(0);
  });

  it('offers a copy, makes it when asked, and keeps it for the next time', async () => {
    const { did, store, item, media } = stage();
    await store.getState().open(item());
    expect(media()).toEqual({ status: 'unplayable' });
    await store.getState().make(item());
    expect(media()).toMatchObject({ status: 'ready', source: copy, copy: true });
    expect(did.kept).toBe(copy);
    store.getState().close('k');
    await store.getState().open(item());
    expect(media()).toMatchObject({ status: 'ready', copy: true });
    expect(did.made).toBe(1);
  });

  it('plays a kept copy even while the folder is not connected, and asks for the folder otherwise', async () => {
    const withCopy = stage({ atHand: false, kept: copy });
    await withCopy.store.getState().open(withCopy.item());
    expect(withCopy.media()).toMatchObject({ status: 'ready', copy: true });
    const without = stage({ atHand: false });
    await without.store.getState().open(without.item(), { make: true });
    expect(without.media()).toEqual({ status: 'away' });
  });

  it('goes from a file that fails to play to its copy, and from a failing copy to words', async () => {
    const { store, item, media } = stage();
    const optimistic = item({ probe: probe(true) });
    await store.getState().open(optimistic);
    await store.getState().reportUnplayable(optimistic, { make: true });
    expect(media()).toMatchObject({ status: 'ready', copy: true });
    await store.getState().reportUnplayable(optimistic);
    expect(media()).toMatchObject({ status: 'failed', error: { code: 'proxy-failed' } });
  });

  it('keeps a file from outside out of the library, and plays on when storage is full', async () => {
    const outside = stage();
    await outside.store.getState().open(outside.item({ videoId: undefined, file: original }), { make: true });
    expect(outside.media()).toMatchObject({ status: 'ready', copy: true });
    expect(outside.did.kept).toBeUndefined();
    const full = stage({ full: true });
    await full.store.getState().open(full.item(), { make: true });
    expect(full.media()).toMatchObject({ status: 'ready', copy: true });
  });

  it('goes back to the offer when stopped, and forgets what is closed', async () => {
    const { store, item, media } = stage();
    const making = store.getState().make(item());
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(media()).toMatchObject({ status: 'making' });
    store.getState().stop('k');
    await making;
    expect(media()).toEqual({ status: 'unplayable' });
    const again = store.getState().make(item());
    store.getState().close('k');
    await again;
    expect(media()).toBeUndefined();
  });
});
