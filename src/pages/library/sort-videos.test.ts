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
