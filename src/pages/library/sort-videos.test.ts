import { expect, test } from 'vitest';
import type { VideoRecord } from '../../core/video';
import { sortVideos } from './sort-videos';

const video = (path: string, changes: Partial<VideoRecord> = {}): VideoRecord => ({
  id: path,
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: [],
  labels: [],
  ...changes,
});

const videos = [
  video('a/clip10.mp4', { labels: ['Holiday 2024'], bytes: 3 }),
  video('a/clip2.mp4', { state: 'failed', bytes: 2 }),
  video('b/other.avi', { labels: ['Archery'], tags: ['bow'], state: 'waiting' }),
];
const names = (found: readonly VideoRecord[]) => found.map(({ name }) => name);

test('names sort by number, states with failures first, sizes with the largest first', () => {
  expect(names(sortVideos(videos, 'name'))).toEqual(['clip2.mp4', 'clip10.mp4', 'other.avi']);
  expect(names(sortVideos(videos, 'state'))).toEqual(['clip2.mp4', 'other.avi', 'clip10.mp4']);
  expect(names(sortVideos(videos, 'bytes'))).toEqual(['clip10.mp4', 'clip2.mp4', 'other.avi']);
  expect(names(sortVideos(videos, 'label'))).toEqual(['other.avi', 'clip10.mp4', 'clip2.mp4']);
});

test('an order of before changes nothing but the work: gone, changed and new videos come where they belong', () => {
  const before = sortVideos(videos, 'name');
  const [first, second, third] = videos as [VideoRecord, VideoRecord, VideoRecord];
  const fresh = video('c/clip3.mp4', { state: 'failed', added: 5 });
  const now = [fresh, { ...third, state: 'failed' as const }, first];
  for (const key of ['added', 'name', 'duration', 'bytes', 'label', 'state'] as const) {
    expect(sortVideos(now, key, before)).toEqual(sortVideos(now, key));
  }
  expect(sortVideos(now, 'name', before)).not.toContain(second);
});

test('what was in order before costs about one comparison a video', () => {
  let compared = 0;
  const many = Array.from({ length: 1000 }, (_, i) => {
    const path = `clip-${(i * 617) % 1000}.mp4`;
    return Object.defineProperty(video(path), 'added', {
      get: () => {
        compared++;
        return Number.parseInt(path.slice(5), 10);
      },
    });
  });
  const before = sortVideos(many, 'added');
  compared = 0;
  expect(sortVideos(many, 'added', before)).toEqual(before);
  expect(compared).toBeLessThan(2 * 1100);
});
