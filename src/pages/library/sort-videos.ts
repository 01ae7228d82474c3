import { byPath, newestFirst, type VideoRecord } from '../../core/video';

export type SortKey = 'added' | 'name' | 'duration' | 'bytes' | 'label' | 'state';

const states = { failed: 0, waiting: 1, indexed: 2 } as const;
// Digits within names count as numbers: clip2 before clip10.
const byText = new Intl.Collator('en', { numeric: true }).compare;

const orders: Record<SortKey, (a: VideoRecord, b: VideoRecord) => number> = {
  added: newestFirst,
  name: (a, b) => byText(a.name, b.name),
  duration: (a, b) => (b.probe?.duration ?? -1) - (a.probe?.duration ?? -1),
  bytes: (a, b) => b.bytes - a.bytes,
  label: (a, b) => byText(a.labels[0] ?? '\uffff', b.labels[0] ?? '\uffff'),
  state: (a, b) => states[a.state] - states[b.state],
};

/** Sorted copy; equals come in the order of their paths. `before` is an order that most of the videos are in already: what is nearly sorted costs one comparison a video. */
export function sortVideos(
  videos: readonly VideoRecord[],
  key: SortKey,
  before: readonly VideoRecord[] = [],
): VideoRecord[] {
  const order = orders[key];
  return inOrderOf(before, videos).sort((a, b) => order(a, b) || byPath(a, b));
}

function inOrderOf(before: readonly VideoRecord[], videos: readonly VideoRecord[]): VideoRecord[] {
  if (before.length === 0) return [...videos];
  const left = new Map(videos.map((video) => [video.id, video]));
  const known: VideoRecord[] = [];
  for (const { id } of before) {
    const video = left.get(id);
    if (!video) continue;
    known.push(video);
    left.delete(id);
  }
  return [...known, ...left.values()];
}
