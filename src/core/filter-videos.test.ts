import { expect, test } from 'vitest';
import { filterVideos } from './filter-videos';
import type { VideoRecord } from './video';
import names from './vocabularies/class-names.json';

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

const seen = (name: string, probability: number) => ({
  vocabulary: 'imagenet' as const,
  class: names.imagenet.indexOf(name),
  probability,
  best: probability,
  time: 0,
});

const videos = [
  video('a/clip10.mp4', { labels: ['Holiday 2024'], bytes: 3, recognised: [seen('golden retriever', 0.5)] }),
  video('a/clip2.mp4', { state: 'failed', bytes: 2, recognised: [seen('golden retriever', 0.05)] }),
  video('b/other.avi', {
    labels: ['Archery'],
    tags: ['bow'],
    title: 'At noon',
    description: 'Wind from the west',
    state: 'waiting',
  }),
];
const namesOf = (found: readonly VideoRecord[]) => found.map(({ name }) => name);

test.each([
  ['', ['clip10.mp4', 'clip2.mp4', 'other.avi']],
  ['CLIP', ['clip10.mp4', 'clip2.mp4']],
  ['state:failed', ['clip2.mp4']],
  ['state:failed clip10', []],
  ['label:archery', ['other.avi']],
  ['label:"holiday 2024"', ['clip10.mp4']],
  ['label:"holiday 20', ['clip10.mp4']],
  ['archery', ['other.avi']],
  ['bow', ['other.avi']],
  ['tag:bow', ['other.avi']],
  ['tag:retriever', ['clip10.mp4']],
  ['tag:"golden retriever" state:failed', []],
  ['NOON west', ['other.avi']],
  ['noon east', []],
  ['b/', ['other.avi']],
])('the filter %j finds %j', (filter, expected) => {
  expect(namesOf(filterVideos(videos, filter))).toEqual(expected);
});
