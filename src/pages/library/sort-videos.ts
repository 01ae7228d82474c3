import type { VideoRecord } from '../../core/video';

export type SortKey = 'added' | 'name' | 'duration' | 'bytes' | 'label' | 'state';

const states = { failed: 0, waiting: 1, indexed: 2 } as const;
// Digits within names count as numbers: clip2 before clip10.
const byText = new Intl.Collator('en', { numeric: true }).compare;

const orders: Record<SortKey, (a: VideoRecord, b: VideoRecord) => number> = {
  added: (a, b) => b.added - a.added,
  name: (a, b) => byText(a.name, b.name),
  duration: (a, b) => (b.probe?.duration ?? -1) - (a.probe?.duration ?? -1),
  bytes: (a, b) => b.bytes - a.bytes,
  label: (a, b) => byText(a.labels[0] ?? '\uffff', b.labels[0] ?? '\uffff'),
  state: (a, b) => states[a.state] - states[b.state],
};

/** Sorted copy; equals come in the order of their paths, by code point: a collator takes a second for 10,000 of them. */
export function sortVideos(videos: readonly VideoRecord[], key: SortKey): VideoRecord[] {
  const order = orders[key];
  return [...videos].sort((a, b) => order(a, b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
