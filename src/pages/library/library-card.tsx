import { Info, ScanSearch } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { useStores } from '../../state/stores';
import { describeError } from '../../ui/error-messages';
import { type CardNotice, VideoCard } from '../../ui/video-card';
import classes from './library.module.css';

export type CardHandlers = {
  readonly onClick: (index: number, event: MouseEvent) => void;
  readonly onKeyDown: (index: number, event: KeyboardEvent) => void;
  readonly onFocus: (index: number) => void;
  readonly onDetails: (id: string) => void;
  readonly onSimilar: (id: string) => void;
};

type Props = {
  readonly video: VideoRecord;
  readonly index: number;
  readonly selected: boolean;
  /** Whether Tab reaches this card: one of the list is enough, arrows lead to the others. */
  readonly reachable: boolean;
  readonly handlers: CardHandlers;
};

/** One video of the grid. Plain buttons and titles: scrolling makes hundreds of cards a second. */
export const LibraryCard = memo(function LibraryCard({ video, index, selected, reachable, handlers }: Props) {
  const images = useImages(video);
  const tabIndex = reachable ? 0 : -1;
  return (
    <VideoCard
      name={video.name}
      duration={video.probe?.duration}
      silent={isSilent(video)}
      label={video.labels[0]}
      images={images}
      notice={noticeOf(video)}
      selected={selected}
      button={{
        'aria-label': video.name,
        'aria-pressed': selected,
        tabIndex,
        'data-index': index,
        onClick: (event) => handlers.onClick(index, event),
        onDoubleClick: () => handlers.onDetails(video.id),
        onKeyDown: (event) => handlers.onKeyDown(index, event),
        onFocus: () => handlers.onFocus(index),
      }}
      actions={
        <>
          {video.spaces.length > 0 && (
            <button
              type="button"
              className={classes.action}
              aria-label="Find similar"
              title="Find similar"
              tabIndex={tabIndex}
              onClick={() => handlers.onSimilar(video.id)}
            >
              <ScanSearch size={16} aria-hidden />
            </button>
          )}
          <button
            type="button"
            className={classes.action}
            aria-label="Details"
            title="Details"
            tabIndex={tabIndex}
            onClick={() => handlers.onDetails(video.id)}
          >
            <Info size={16} aria-hidden />
          </button>
        </>
      }
    />
  );
});

function noticeOf({ state, error, spaces }: VideoRecord): CardNotice | undefined {
  if (state === 'waiting') {
    return { kind: 'waiting', text: 'Waiting', reason: spaces.length > 0 ? 'to be indexed again' : 'to be indexed' };
  }
  if (!error) return undefined;
  const { what } = describeError(error);
  return state === 'failed'
    ? { kind: 'failed', text: 'Failed', reason: what }
    : { kind: 'partial', text: 'In part', reason: what };
}

/** Fast scrolling passes over cards without reading their pictures. */
const patience = 60;

function useImages({ id, state, spaces }: VideoRecord): readonly Blob[] | undefined {
  const { thumbnails } = useStores();
  const version = `${state} ${spaces.length}`;
  const [images, setImages] = useState(() => thumbnails.kept(id, version));
  useEffect(() => {
    const kept = thumbnails.kept(id, version);
    if (kept) {
      setImages(kept);
      return;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const read = await thumbnails.read(id, version).catch(() => []);
      if (current) setImages(read);
    }, patience);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [thumbnails, id, version]);
  return images;
}

/** Whether a video, not a picture, was found to have no sound. */
function isSilent({ probe }: VideoRecord): boolean {
  return probe?.video !== undefined && probe.decoder !== 'image' && probe.audio === undefined;
}
