import type { VideoRecord } from '../core/video';
import { extractors } from '../extractors/registry';
import { uncoveredOfMany } from './coverage';
import { type PreferencesStore, requestsFor } from './preferences';

const hashExtractors = extractors.filter(({ metric }) => metric === 'hamming');

/** Switches the hashes on, and gives the indexed videos that have none of the chosen kind yet. */
export function waitsForHashes(videos: readonly VideoRecord[], preferences: PreferencesStore): string[] {
  const ids = hashExtractors.map(({ id }) => id);
  const { extractorsOff, set } = preferences.getState();
  if (extractorsOff.some((id) => ids.includes(id))) {
    set({ extractorsOff: extractorsOff.filter((id) => !ids.includes(id)) });
  }
  const requests = requestsFor(preferences.getState(), hashExtractors);
  const lackedBy = uncoveredOfMany(requests, [], hashExtractors);
  return videos.filter((video) => video.state === 'indexed' && lackedBy(video).length > 0).map(({ id }) => id);
}

/** Grows whenever there is more to compare, or to be described for it. */
export function duplicatesBasis(videos: readonly VideoRecord[]): number {
  const prefixes = hashExtractors.map(({ id }) => `["${id}",`);
  const isHash = (key: string) => prefixes.some((prefix) => key.startsWith(prefix));
  return videos.reduce((sum, { state, spaces }) => sum + Number(state === 'indexed') + spaces.filter(isHash).length, 0);
}
