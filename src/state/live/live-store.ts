import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassScores } from '../../core/classes';
import { AppError, type ErrorRecord } from '../../core/errors';
import { parseSpaceKey, type Space } from '../../core/feature';
import { likeliestLabels, type Stretch, withMoment } from '../../core/live/label-track';
import { createRecentMean } from '../../core/live/recent-mean';
import type { Fit } from '../../core/media';
import { optionsOfSpace } from '../../extractors/options';
import { extractors } from '../../extractors/registry';
import { type HeadEntry, takesMoments } from '../../protocol/classify-api';
import type { DescribedMoment, LiveMoment } from '../../protocol/live-api';
import type { Engine } from '../engine';
import { toldOf } from '../tasks';
import { type Capture, type LiveSource, nextFrame, openCapture } from './capture';

export type { LiveSource };

/** What is told of the pictures, or of the sound. */
export type Lane = {
  /** A head's name, or whose classes they are. */
  readonly by: string;
  /** The likeliest first; of the last few seconds, as the smoothing says. */
  readonly labels: readonly { readonly label: string; readonly probability: number }[];
  readonly track: readonly Stretch[];
  /** Moments told a second, and milliseconds from a moment to its labels: measured, the mean of the last ones. */
  readonly rate: number;
  readonly delay: number;
  readonly error: ErrorRecord | undefined;
};

export type LiveState = {
  readonly phase: 'idle' | 'starting' | 'running';
  readonly error: ErrorRecord | undefined;
  readonly notes: readonly string[];
  /** Of the running source, to be shown. */
  readonly video: HTMLVideoElement | undefined;
  readonly seen: Lane | undefined;
  readonly heard: Lane | undefined;
  /** Seconds from the start to the moment that was told last. */
  readonly now: number;
  /** Labels are told of so many seconds. */
  readonly smoothing: number;

  /** With a head, it tells what its descriptor describes, and the networks' own classes the rest. */
  start(args: {
    source: LiveSource;
    sound: boolean;
    file: File | undefined;
    head: HeadEntry | undefined;
  }): Promise<void>;
  stop(): void;
  /** Stops, and forgets what was told. */
  leave(): void;
  smooth(seconds: number): void;
};

export type LiveStore = StoreApi<LiveState>;

/** Seconds of the track that are kept. */
export const trackSeconds = 60;
const listed = 5;
/** Pictures are brought to this shorter side before they leave the page; networks see 224 pixels. */
const shorterSide = 360;
/** Milliseconds between two windows of sound, YAMNet's own. */
const soundEvery = 480;
/** Moments that rate and delay are averaged over. */
const measured = 10;

/** Who tells of a kind of moment: whose vectors, and what makes labels of them. */
type Teller = {
  readonly extractor: string;
  readonly by: string;
  readonly space: Space | undefined;
  readonly head: { readonly classes: readonly string[]; readonly space: string } | undefined;
};

/** Whether a head's vectors can be made of single moments, one after the other. */
export function isLive(entry: HeadEntry): boolean {
  return liveCard(entry) !== undefined;
}

function liveCard(entry: HeadEntry) {
  const { space } = entry;
  if (space === undefined || takesMoments(entry)) return undefined;
  const id = parseSpaceKey(space)?.extractor;
  const card = extractors.find((one) => one.id === id);
  return card && card.kind !== 'clip' && card.aggregation === 'mean' ? card : undefined;
}

export function createLiveStore({ extract, train, library }: Pick<Engine, 'extract' | 'train' | 'library'>): LiveStore {
  return createStore<LiveState>()((set, get) => {
    let control: AbortController | undefined;

    /** The networks that are there, and tell classes apart; else the one that should be. */
    const network = async (kind: 'frame' | 'audio') => {
      const cards = extractors.filter(
        (card) => card.kind === kind && card.model && card.aggregation === 'mean' && !card.optional,
      );
      const ready = new Set(
        (await extract.models()).filter(({ state }) => state === 'ready').map(({ model }) => model),
      );
      return (cards.find(({ id }) => ready.has(id)) ?? cards[0])?.id ?? '';
    };
    const tellers = async (entry: HeadEntry | undefined): Promise<Record<'frame' | 'audio', Teller>> => {
      const own = async (kind: 'frame' | 'audio'): Promise<Teller> => ({
        extractor: await network(kind),
        by: kind === 'frame' ? 'ImageNet classes' : 'AudioSet classes',
        space: undefined,
        head: undefined,
      });
      const both = { frame: await own('frame'), audio: await own('audio') };
      const card = entry && liveCard(entry);
      const space = entry?.space;
      if (!entry || !card || space === undefined) return both;
      const { head } = await library.keptHead({ id: entry.id });
      await train.hold({ head });
      const teller: Teller = {
        extractor: card.id,
        by: entry.name,
        space: parseSpaceKey(space),
        head: { classes: head.classes, space },
      };
      return { ...both, [card.kind]: teller };
    };

    /** Asks about the newest moment, again and again: what comes meanwhile is passed over, so that nothing queues up. */
    const follow = async (
      lane: 'seen' | 'heard',
      { extractor, by, space, head }: Teller,
      begun: number,
      next: () => Promise<{ readonly moment: LiveMoment; readonly taken: number }>,
      signal: AbortSignal,
    ) => {
      const card = extractors.find(({ id }) => id === extractor);
      const options = card && space ? optionsOfSpace(card, space.preprocessing) : {};
      const fit = space?.preprocessing.split('; ')[0] as Fit | undefined;
      // The names of all classes are too long a list for the first paint.
      const { shortClassName } = await import('../../core/vocabularies/class-name');
      const mean = createRecentMean();
      const told: { readonly at: number; readonly delay: number }[] = [];
      const blank: Lane = { by, labels: [], track: [], rate: 0, delay: 0, error: undefined };
      const update = (changes: Partial<Lane>) => set({ [lane]: { ...(get()[lane] ?? blank), ...changes } });
      update(blank);
      try {
        while (!signal.aborted) {
          const { moment, taken } = await next();
          const request = { extractor, options, ...(fit && { fit }), moment };
          const described = await extract.describeMoment(request, { signal });
          if (moment.kind === 'frame') moment.picture.close();
          const time = (taken - begun) / 1000;
          const smoothed = mean.add(time, rowOf(described, head?.space), get().smoothing);
          const nameOf = head
            ? (label: number) => head.classes[label] ?? ''
            : (label: number) => shortClassName((described.scores as ClassScores).vocabulary, label);
          const labels = likeliestLabels(head ? await train.ask({ vector: smoothed }) : smoothed, nameOf, listed);
          signal.throwIfAborted();
          const at = performance.now();
          told.push({ at, delay: at - taken });
          if (told.length > measured) told.shift();
          const [first] = told;
          const [best] = labels;
          update({
            labels,
            track: best ? withMoment(get()[lane]?.track ?? [], { time, ...best }, trackSeconds) : [],
            rate: first && told.length > 1 ? (1000 * (told.length - 1)) / (at - first.at) : 0,
            delay: told.reduce((sum, { delay }) => sum + delay, 0) / told.length,
          });
          set({ now: Math.max(get().now, time) });
        }
      } catch (error) {
        if (!signal.aborted) update({ error: toldOf(error) });
      }
    };

    const frames = (video: HTMLVideoElement, signal: AbortSignal) => async () => {
      const taken = await nextFrame(video, signal);
      const { videoWidth: width, videoHeight: height } = video;
      const factor = Math.min(1, shorterSide / Math.min(width, height));
      const picture = await createImageBitmap(video, {
        resizeWidth: Math.round(width * factor),
        resizeHeight: Math.round(height * factor),
        resizeQuality: 'medium',
      });
      return { moment: { kind: 'frame', picture } as const, taken };
    };
    const windows = (sound: NonNullable<Capture['sound']>, signal: AbortSignal) => {
      let last = 0;
      return async () => {
        for (;;) {
          signal.throwIfAborted();
          const heard = sound.latest();
          if (heard && heard.until - last >= soundEvery) {
            last = heard.until;
            const { samples, sampleRate, until } = heard;
            return { moment: { kind: 'sound', samples, sampleRate } as const, taken: until };
          }
          await new Promise((resolve) => setTimeout(resolve, 40));
        }
      };
    };

    const idle = { phase: 'idle', video: undefined } as const;

    return {
      ...idle,
      error: undefined,
      notes: [],
      seen: undefined,
      heard: undefined,
      now: 0,
      smoothing: 1,

      async start({ source, sound, file, head }) {
        get().stop();
        const own = new AbortController();
        control = own;
        const { signal } = own;
        set({ phase: 'starting', error: undefined, notes: [], seen: undefined, heard: undefined, now: 0 });
        let capture: Capture | undefined;
        try {
          capture = await openCapture({
            source,
            sound,
            file,
            makeProxy: (of) => extract.makeProxy({ file: of }, { signal }),
            onEnded: () => own.abort(),
          });
          signal.throwIfAborted();
          const { video, sound: tap, notes } = capture;
          set({ video, notes });
          const { frame, audio } = await tellers(head);
          signal.throwIfAborted();
          set({ phase: 'running' });
          const begun = performance.now();
          await Promise.all([
            video && follow('seen', frame, begun, frames(video, signal), signal),
            tap && follow('heard', audio, begun, windows(tap, signal), signal),
            new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
          ]);
        } catch (error) {
          if (!signal.aborted) set({ error: toldOf(error) });
        } finally {
          capture?.close();
          if (control === own) set(idle);
        }
      },
      stop() {
        control?.abort();
        control = undefined;
        set(idle);
      },
      leave() {
        get().stop();
        set({ error: undefined, notes: [], seen: undefined, heard: undefined, now: 0 });
      },
      smooth(smoothing) {
        set({ smoothing });
      },
    };
  });
}

/** What is averaged: the vector that a head takes, which must be of its own space, or the classes. */
function rowOf({ space, vector, scores }: DescribedMoment, wanted: string | undefined): Float32Array {
  if (wanted !== undefined) {
    if (space !== wanted)
      throw new AppError('spaces-differ', 'the head was trained on vectors of another space', { space });
    return vector;
  }
  if (!scores) throw new AppError('classes-missing', 'the network gives no class scores');
  return scores.probabilities;
}
