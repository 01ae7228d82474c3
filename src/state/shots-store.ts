import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError } from '../core/errors';
import { isOfFrames } from '../core/sampling';
import type { VideoRecord } from '../core/video';
import { optionsOfSpace } from '../extractors/options';
import { extractors } from '../extractors/registry';
import type { HeadEntry } from '../protocol/classify-api';
import type { ExtractionRequest, FoundShots } from '../protocol/extract-api';
import type { CallOptions } from '../protocol/progress';
import type { ShotMatch } from '../protocol/shots-api';
import type { Engine } from './engine';
import type { LibraryStore } from './library-store';
import { byPreference } from './ranking-preferences';
import { createTasks, type Running } from './tasks';

export type { FoundShots, ShotMatch };

/** What a head says of one shot. */
export type ShotLabel = { readonly label: string; readonly probability: number };

export type ShotsState = {
  readonly video: string | undefined;
  /** False until it is known whether the video's shots are stored. */
  readonly looked: boolean;
  readonly found: FoundShots | undefined;
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
  /** One a shot, by the head of this name. */
  readonly labels: readonly ShotLabel[] | undefined;
  readonly labelledBy: string | undefined;
  /** The shot that was searched with, and what resembles it. */
  readonly asked: number | undefined;
  readonly matches: readonly ShotMatch[] | undefined;
  /** Shots that stand for the whole video, while they are wanted and known. */
  readonly summary: readonly number[] | undefined;
  /** Videos whose shots can be searched among. */
  readonly known: readonly string[];
  /** Videos that could not be parted when all were asked for: their files are not at hand, or cannot be decoded. */
  readonly left: number;

  open(id: string): Promise<void>;
  find(): Promise<void>;
  /** Finds the shots of every video that lacks them, one after the other. */
  findAll(): Promise<void>;
  /** Holds what is under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
  search(shot: number): Promise<void>;
  label(entry: HeadEntry): Promise<void>;
  /** Finds so many shots at most that stand for the whole. */
  summarise(most: number): Promise<void>;
};

export type ShotsStore = StoreApi<ShotsState>;

type Surroundings = {
  readonly engine: Pick<Engine, 'extract' | 'library' | 'train'>;
  readonly library: LibraryStore;
  /** The file of a library's video, or undefined while it is not at hand. */
  readonly fileOf: (videoId: string) => Promise<File | undefined>;
};

const mostMatches = 24;
const nothing = {
  found: undefined,
  labels: undefined,
  labelledBy: undefined,
  asked: undefined,
  matches: undefined,
  summary: undefined,
};

export function createShotsStore({ engine, library, fileOf }: Surroundings): ShotsStore {
  const { extract, train } = engine;
  return createStore<ShotsState>()((set, get) => {
    const { guarded, run, pause, cancel } = createTasks(set, 'Reading');
    let summing: AbortController | undefined;

    /** The library's own way of describing frames, so that shots of all videos lie in one space. */
    const request = async (): Promise<ExtractionRequest> => {
      for (const { space, sampling, imported } of byPreference(await engine.library.spaces())) {
        const card = extractors.find(({ id }) => id === space.extractor);
        if (imported || card?.kind !== 'frame' || card.metric === 'hamming' || !isOfFrames(sampling)) continue;
        return { extractor: card.id, sampling, options: optionsOfSpace(card, space.preprocessing) };
      }
      const card = extractors.find(({ id }) => id === 'colour') ?? extractors[0];
      if (!card) throw new Error('There is no extractor');
      return { extractor: card.id, sampling: card.sampling };
    };

    const findOf = async (id: string, options: CallOptions) => {
      const file = await fileOf(id);
      if (!file) throw new AppError('file-unreadable', 'the file is not at hand');
      const found = await extract.findShots({ file, request: await request() }, options);
      options.signal?.throwIfAborted();
      await engine.library.putShots({ id, found });
      return found;
    };
    const readKnown = async (space: string | undefined) =>
      set({ known: space === undefined ? [] : await engine.library.videosWithShots({ space }) });

    return {
      video: undefined,
      looked: false,
      running: undefined,
      error: undefined,
      known: [],
      left: 0,
      ...nothing,

      async open(id) {
        if (get().video === id && get().looked) return;
        get().cancel();
        set({ ...nothing, video: id, looked: false, left: 0 });
        await guarded(async () => {
          const found = await engine.library.shots({ id });
          if (get().video !== id) return;
          set({ found, looked: true });
          await readKnown(found?.space);
        });
      },
      find: () =>
        run(async (options) => {
          const { video } = get();
          if (video === undefined) return;
          const found = await findOf(video, options);
          if (get().video !== video) return;
          set({ ...nothing, found });
          await readKnown(found.space);
        }),
      findAll: () =>
        run(async ({ signal, onProgress, gate }) => {
          const have = new Set(get().known);
          const waiting = library
            .getState()
            .current()
            .filter(({ id, probe }: VideoRecord) => probe?.video && !have.has(id));
          let left = 0;
          for (const [done, { id, name }] of waiting.entries()) {
            onProgress({ stage: `${name}, ${done + 1} of ${waiting.length}`, fraction: done / waiting.length });
            try {
              await findOf(id, { signal, gate });
            } catch (error) {
              if (isAbortError(error) || !(error instanceof AppError)) throw error;
              left++;
            }
          }
          set({ left });
          await readKnown(get().found?.space);
        }),
      pause,
      cancel() {
        cancel();
        summing?.abort();
        void guarded(() => readKnown(get().found?.space));
      },
      search: (shot) =>
        run(async () => {
          const { video } = get();
          if (video === undefined) return;
          set({ asked: shot, matches: undefined });
          const matches = await engine.library.rankShots({ id: video, shot, limit: mostMatches });
          if (get().video === video && get().asked === shot) set({ matches });
        }),
      summarise: (most) =>
        guarded(async () => {
          summing?.abort();
          const own = new AbortController();
          summing = own;
          const { video, found } = get();
          if (video === undefined || !found) return;
          const summary = await engine.library.summariseShots({ id: video, most }, { signal: own.signal });
          own.signal.throwIfAborted();
          if (get().found === found) set({ summary });
        }),
      label: ({ id, name }) =>
        run(async ({ signal, gate }) => {
          const { found } = get();
          if (!found) return;
          const { head } = await engine.library.keptHead({ id });
          const dimensions = found.vectors.length / found.shots.length;
          const told = await train.predict({ head, rows: { matrix: found.vectors, dimensions } }, { signal, gate });
          const labels = found.shots.map((_, shot): ShotLabel => {
            const row = told.subarray(shot * head.classes.length, (shot + 1) * head.classes.length);
            const best = row.indexOf(Math.max(...row));
            return { label: head.classes[best] ?? '', probability: row[best] ?? 0 };
          });
          if (get().found === found) set({ labels, labelledBy: name });
        }),
    };
  });
}
