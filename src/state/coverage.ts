import { parseSpaceKey, preprocessingOf } from '../core/feature';
import type { VideoRecord } from '../core/video';
import type { ExtractorCard } from '../extractors/extractor';
import type { ExtractionRequest, ModelStatus } from '../protocol/extract-api';

/** What is asked of new videos, as far as this device can do it now. */
export type Wanted = {
  readonly requests: readonly ExtractionRequest[];
  /** Cards of extractors that are on but whose model, a published one that is worth asking for, is not there. */
  readonly missing: readonly ExtractorCard[];
};

/** Splits requests into those that can run and those that wait for a model file. */
export function runnable(
  requests: readonly ExtractionRequest[],
  models: readonly ModelStatus[],
  cards: readonly ExtractorCard[],
): Wanted {
  const cardOf = (id: string) => cards.find((card) => card.id === id);
  const lacks = ({ extractor }: ExtractionRequest) =>
    cardOf(extractor)?.model !== undefined && models.find(({ model }) => model === extractor)?.state !== 'ready';
  return {
    requests: requests.filter((request) => !lacks(request)),
    missing: requests
      .filter(lacks)
      .flatMap(({ extractor }) => cardOf(extractor) ?? [])
      .filter(({ model, optional }) => model?.url !== undefined && !optional),
  };
}

/** Ids of indexed videos that lack something, by the extractor they lack; see {@link uncovered}. Imported vectors, which
 * come without a file to look at, lack nothing. */
export function lackingVideos(
  videos: readonly VideoRecord[],
  requests: readonly ExtractionRequest[],
  models: readonly ModelStatus[],
  cards: readonly ExtractorCard[],
): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  const lackedBy = uncoveredOfMany(requests, models, cards);
  for (const video of videos) {
    if (video.state !== 'indexed' || video.locations.length === 0) continue;
    for (const { extractor } of lackedBy(video)) {
      const list = lists.get(extractor);
      if (list) list.push(video.id);
      else lists.set(extractor, [video.id]);
    }
  }
  return lists;
}

/** {@link uncovered} for a pass over many videos: thousands are of a few kinds, and lack the same if they have the same. */
export function uncoveredOfMany(
  requests: readonly ExtractionRequest[],
  models: readonly ModelStatus[],
  cards: readonly ExtractorCard[],
): (video: VideoRecord) => readonly ExtractionRequest[] {
  const known = new Map<string, readonly ExtractionRequest[]>();
  return (video) => {
    const { spaces, probe } = video;
    const kind = `${probe && `${Boolean(probe.video)} ${Boolean(probe.audio)}`} ${spaces.join()}`;
    const lacking = known.get(kind) ?? uncovered(video, requests, models, cards);
    known.set(kind, lacking);
    return lacking;
  };
}

/** The requests whose space a video has no vectors in yet: other extractor, version, model or preprocessing. A model that
 * was not loaded yet is taken for the one that made the vectors: finished files must not be read again on a guess. */
export function uncovered(
  video: VideoRecord,
  requests: readonly ExtractionRequest[],
  models: readonly ModelStatus[],
  cards: readonly ExtractorCard[],
): ExtractionRequest[] {
  const spaces = video.spaces.flatMap((key) => parseSpaceKey(key) ?? []);
  const { probe } = video;
  return requests.filter(({ extractor, sampling, options }) => {
    // What has no sound, or no picture, lacks nothing of it.
    if (probe && !('sampleRate' in sampling ? probe.audio : probe.video)) return false;
    const card = cards.find(({ id }) => id === extractor);
    const status = card?.model && models.find(({ model }) => model === extractor);
    const hash = card?.model ? (status?.copy?.inUse ? status.copy.sha256 : status?.sha256) : null;
    const preprocessing = preprocessingOf(sampling, status?.input, options);
    const isUnknown = card?.model !== undefined && status?.input === undefined;
    return !spaces.some(
      (space) =>
        space.extractor === extractor &&
        space.version === card?.version &&
        (hash === undefined || space.modelHash === hash) &&
        (space.preprocessing === preprocessing || (isUnknown && space.preprocessing.startsWith(preprocessing))),
    );
  });
}
