import { expect, test } from 'vitest';
import { spaceKey } from '../core/feature';
import type { VideoRecord } from '../core/video';
import { audioStatistics } from '../extractors/audio-statistics';
import { colour as colourCard } from '../extractors/colour';
import { resnet50 } from '../extractors/resnet50';
import { waveletHash } from '../extractors/wavelet-hash';
import type { ModelStatus } from '../protocol/extract-api';
import { lackingVideos, runnable, uncovered } from './coverage';
import { defaultPreferences, requestsFor } from './preferences';

const ready: ModelStatus = { model: 'resnet50', state: 'ready', sha256: 'abc' };
const missing: ModelStatus = { model: 'resnet50', state: 'missing' };
const preferences = { ...defaultPreferences, fit: 'squeeze' } as const;
const extractors = [resnet50, colourCard];
const requests = requestsFor(preferences, extractors);
const ids = (found: readonly { readonly extractor: string }[]) => found.map(({ extractor }) => extractor);

const video = (...spaces: string[]): VideoRecord => ({
  id: 'v',
  name: 'v.mp4',
  path: 'v.mp4',
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces,
  labels: [],
});
const network = (changes: object = {}) =>
  spaceKey({
    extractor: 'resnet50',
    version: 1,
    modelHash: 'abc',
    preprocessing: 'squeeze; RGB torchvision',
    ...changes,
  });
const colour = spaceKey({ extractor: 'colour', version: 1, modelHash: null, preprocessing: 'squeeze' });

test('an extractor whose model is not there is told apart from those that can run', () => {
  const wanted = runnable(requests, [missing], extractors);
  expect(ids(wanted.requests)).toEqual(['colour']);
  expect(wanted.missing.map(({ id }) => id)).toEqual(['resnet50']);
  expect(ids(runnable(requests, [ready], extractors).requests)).toEqual(['resnet50', 'colour']);
});

test('extractors that are switched off are not asked, and the chosen sampling goes to networks alone', () => {
  const instants = { mode: 'uniform', frames: 16 } as const;
  const chosen = requestsFor({ ...preferences, instants, fit: 'centre-crop' }, extractors);
  expect(chosen[0]?.sampling).toMatchObject({ instants, fit: 'centre-crop', width: 224 });
  expect(chosen[1]?.sampling).toMatchObject({ instants: { mode: 'uniform', frames: 20 } });
  expect(ids(requestsFor({ ...preferences, extractorsOff: ['resnet50'] }, extractors))).toEqual(['colour']);
});

test.each([
  ['all there', [network(), colour], []],
  ['nothing there', [], ['resnet50', 'colour']],
  ['another model', [network({ modelHash: 'def' }), colour], ['resnet50']],
  ['an older version', [network({ version: 0 }), colour], ['resnet50']],
  ['another framing', [network({ preprocessing: 'centre-crop; RGB torchvision' }), colour], ['resnet50']],
])('what a video lacks: %s', (_, spaces, lacking) => {
  expect(ids(uncovered(video(...spaces), requests, [ready], extractors))).toEqual(lacking);
});

test('an option that was chosen makes a space of its own', () => {
  const wavelet = requestsFor({ ...preferences, extractorOptions: { 'wavelet-hash': { hash: 'wavelet' } } }, [
    waveletHash,
  ]);
  const dct = requestsFor({ ...preferences, extractorOptions: { 'wavelet-hash': { hash: 'dct' } } }, [waveletHash]);
  expect([wavelet, dct].map(([request]) => request?.options)).toEqual([{}, { hash: 'dct' }]);
  const made = { extractor: 'wavelet-hash', version: waveletHash.version, modelHash: null };
  const both = ['squeeze', 'squeeze; hash=dct'].map((preprocessing) => video(spaceKey({ ...made, preprocessing })));
  const lacks = (asked: typeof dct) => both.map((one) => uncovered(one, asked, [], [waveletHash]).length);
  expect(lacks(wavelet)).toEqual([0, 1]);
  expect(lacks(dct)).toEqual([1, 0]);
});

test('a video without sound lacks none of it, nor does sound without a picture lack pictures', () => {
  const all = [...extractors, audioStatistics];
  const asked = requestsFor(preferences, all);
  const track = { codec: 'aac', sampleRate: 44_100, channels: 2 };
  const picture = { codec: 'h264', width: 2, height: 2, rotation: 0, frameRate: 1, frameCount: 1, hdr: false } as const;
  const probe = { container: 'mp4', duration: 1, decoder: 'webcodecs', playable: true } as const;
  const lacks = (of: object) =>
    ids(uncovered({ ...video(), probe: { ...probe, video: undefined, audio: undefined, ...of } }, asked, [ready], all));
  expect(lacks({ video: picture })).toEqual(['resnet50', 'colour']);
  expect(lacks({ audio: track })).toEqual(['audio-statistics']);
  expect(lacks({ audio: track, video: picture })).toEqual(['resnet50', 'colour', 'audio-statistics']);
});

test('the videos that lack an extractor are listed under it, as asked one by one', () => {
  const place = { folder: null, path: 'v.mp4', bytes: 1, modified: 1 };
  const silent: VideoRecord['probe'] = {
    container: 'mp4',
    duration: 1,
    video: { codec: 'h264', width: 8, height: 8, rotation: 0, frameRate: 1, frameCount: 1, hdr: false },
    audio: undefined,
    decoder: 'webcodecs',
    playable: true,
  };
  const heard = { ...silent, audio: { codec: 'aac', sampleRate: 8000, channels: 1 } };
  const all = [resnet50, colourCard, audioStatistics];
  const asked = requestsFor(preferences, all);
  const videos = [
    { ...video(network(), colour), id: 'silent', probe: silent, locations: [place] },
    { ...video(network(), colour), id: 'heard', probe: heard, locations: [place] },
    { ...video(network()), id: 'grey', probe: silent, locations: [place] },
    { ...video(network()), id: 'grey too', probe: silent, locations: [place] },
    { ...video(), id: 'imported' },
    { ...video(), id: 'waiting', state: 'waiting' as const, locations: [place] },
  ];
  const lists = lackingVideos(videos, asked, [ready], all);
  expect(Object.fromEntries(lists)).toEqual({ colour: ['grey', 'grey too'], 'audio-statistics': ['heard'] });
  for (const one of videos.slice(0, 4)) {
    const own = [...lists].filter(([, found]) => found.includes(one.id)).map(([extractor]) => extractor);
    expect(own).toEqual(ids(uncovered(one, asked, [ready], all)));
  }
});

test('with the 8-bit copy of a network in use, what the network described lacks it', () => {
  const copy = { sha256: 'def', bytes: 1, similarity: 0.99, timesFaster: 2 };
  const withCopy = (inUse: boolean): ModelStatus => ({ ...ready, copy: { ...copy, inUse } });
  const described = (hash: string) => video(network({ modelHash: hash }), colour);
  const lacked = (hash: string, inUse: boolean) =>
    ids(uncovered(described(hash), requests, [withCopy(inUse)], extractors));
  expect(lacked('abc', false)).toEqual([]);
  expect(lacked('abc', true)).toEqual(['resnet50']);
  expect(lacked('def', true)).toEqual([]);
});
