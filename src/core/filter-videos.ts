import { sureProbability } from './classes';
import type { VideoRecord } from './video';
import { className } from './vocabularies/class-name';

/** Splits a filter into its terms: words, `state:failed`, `label:x`, `tag:dog`, and quoted values (`label:"Holiday 2024"`). */
function terms(filter: string): { key: string; value: string }[] {
  return [...filter.matchAll(/(?:(state|label|tag):)?(?:"([^"]*)"?|(\S+))/gi)].map(
    ([, key = '', quoted, word = '']) => ({
      key: key.toLowerCase(),
      value: (quoted ?? word).toLowerCase(),
    }),
  );
}

function matches(video: VideoRecord, { key, value }: { key: string; value: string }): boolean {
  const contains = (text: string) => text.toLowerCase().includes(value);
  if (key === 'state') return video.state.startsWith(value);
  if (key === 'label') return video.labels.some(contains);
  if (key === 'tag') return (video.tags ?? []).some(contains) || isSurelyOf(video, contains);
  return (
    contains(video.path) ||
    video.labels.some(contains) ||
    contains(video.title ?? '') ||
    contains(video.description ?? '') ||
    (video.tags ?? []).some(contains)
  );
}

function isSurelyOf({ recognised = [] }: VideoRecord, contains: (text: string) => boolean): boolean {
  return recognised.some((one) => one.probability >= sureProbability && contains(className(one.vocabulary, one.class)));
}

/** Videos that match every term of the filter: words of path, labels, title, description and tags,
 * `label:`, `state:`, and `tag:` for tags and what was surely recognised. */
export function filterVideos(videos: readonly VideoRecord[], filter: string): readonly VideoRecord[] {
  const wanted = terms(filter);
  return wanted.length === 0 ? videos : videos.filter((video) => wanted.every((term) => matches(video, term)));
}
