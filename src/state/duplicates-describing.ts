import type { VideoRecord } from '../core/video';
import { extractors } from '../extractors/registry';
import { uncovered } from './coverage';
import { type PreferencesStore, requestsFor } from './preferences';

const hashes = extractors.filter(({ metric }) => metric === 'hamming');

/** Switches the hashes on, and gives the indexed videos that have none of the chosen kind yet. */
export function waitsForHashes(videos: readonly VideoRecord[], preferences: PreferencesStore): string[] {
  const ids = hashes.map(({ id }) => id);
  const { extractorsOff, set } = preferences.getState();
  if (extractorsOff.some((id) => ids.includes(id))) {
    set({ extractorsOff: extractorsOff.filter((id) => !ids.includes(id)) });
  }
  const requests = requestsFor(preferences.getState(), hashes);
  return videos
    .filter((video) => video.state === 'indexed' && uncovered(video, requests, [], hashes).length > 0)
    .map(({ id }) => id);
}
