import { createStore, type StoreApi } from 'zustand/vanilla';
import { likeliest } from '../core/classify/head';
import type { ErrorRecord } from '../core/errors';
import type { ReportComparison } from '../core/evaluation/compare-reports';
import { defaultSettings } from '../core/evaluation/evaluate';
import type { EvaluationReport } from '../core/evaluation/report';
import type { InputBlock } from '../core/map/input-rows';
import { type AutoencoderEpoch, type Projection, type ProjectionSettings, projectionKey } from '../core/map/projection';
import { originalRecipe } from '../core/ranking/recipe';
import { byPath } from '../core/video';
import type { VideoEdit } from '../protocol/library-api';
import type { ProjectionEntry } from '../protocol/map-api';
import type { Engine } from './engine';
import type { GroundTruthStore } from './ground-truth-store';
import type { LibraryStore } from './library-store';
import { createTasks, type Running } from './tasks';

export type { ProjectionEntry };

/** A label, or none, of every video of a map, in its order. */
export type Grouping = { readonly of: string; readonly groups: readonly (string | undefined)[] };

export type MapState = {
  /** False until it is known which maps are kept. */
  readonly loaded: boolean;
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
  readonly entries: readonly ProjectionEntry[];
  /** The map on screen, or in the making: then it is not kept yet. */
  readonly shown: Projection | undefined;
  /** Losses of the autoencoder on screen, or in training. */
  readonly epochs: readonly AutoencoderEpoch[];
  readonly clusters: Grouping | undefined;
  readonly predictions: Grouping | undefined;
  /** The map on screen (`first`) beside the vectors it was drawn from (`second`). */
  readonly comparison: (ReportComparison & { readonly protocol: string }) | undefined;

  /** Opens the newest map, once. */
  load(): Promise<void>;
  open(key: string): Promise<void>;
  /** Draws the videos that have vectors in all the spaces, and keeps the map. */
  draw(args: { spaces: readonly string[]; settings: ProjectionSettings }): Promise<void>;
  /** Puts the videos that came since on the map on screen, by the network that drew it, and keeps that. */
  placeNew(): Promise<void>;
  /** Holds what is under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
  /** Groups the videos on screen by what their vectors are like. */
  findClusters(clusters: number): Promise<void>;
  /** Groups them by what a kept head says of them. */
  predict(head: string): Promise<void>;
  /** Evaluates the map on screen and the vectors it was drawn from, and keeps both reports. */
  compareWithVectors(): Promise<void>;
  /** Takes the descriptor that the comparison made of the map on screen from the library. */
  forgetDescriptor(): Promise<void>;
  /** Gives videos one label each in place of what they have; resolves to what undoes that. */
  label(ids: readonly string[], labels: readonly string[]): Promise<() => Promise<void>>;
};

export type MapStore = StoreApi<MapState>;

/** Videos whose vectors travel at once to a head. */
const chunk = 512;

type Surroundings = {
  readonly engine: Pick<Engine, 'library' | 'train'>;
  readonly library: LibraryStore;
  readonly groundTruth: GroundTruthStore;
};

export function createMapStore({ engine, library, groundTruth }: Surroundings): MapStore {
  return createStore<MapState>()((set, get) => {
    const { guarded, run, pause, cancel } = createTasks(set);
    let drawing: AbortSignal | undefined;

    const show = (shown: Projection | undefined) => {
      set({ shown, epochs: shown?.autoencoder?.epochs ?? [], clusters: undefined, predictions: undefined });
      set({ comparison: undefined });
    };

    /** Vectors of some videos in all of the spaces, row by row, and the videos that have them. */
    const readBlocks = async (spaces: readonly string[], ids: readonly string[]) => {
      const read: { readonly ids: readonly string[]; readonly block: InputBlock }[] = [];
      for (const space of spaces) {
        const { ids: found, matrix, dimensions } = await engine.library.vectors({ space, ids });
        read.push({ ids: found, block: { matrix, dimensions } });
      }
      const known = read.map(({ ids: found }) => new Set(found));
      const common = ids.filter((id) => known.every((found) => found.has(id)));
      return { ids: common, blocks: read.map(({ ids: found, block }) => rowsOf(block, found, common)) };
    };

    return {
      loaded: false,
      running: undefined,
      error: undefined,
      entries: [],
      shown: undefined,
      epochs: [],
      clusters: undefined,
      predictions: undefined,
      comparison: undefined,

      load: () =>
        guarded(async () => {
          if (get().loaded) return;
          const entries = await engine.library.projections();
          const [newest] = entries;
          const shown = newest && (await engine.library.projection({ key: newest.key }));
          set({ entries, loaded: true });
          if (!get().shown) show(shown);
        }),
      open: (key) =>
        guarded(async () => {
          cancel();
          const projection = await engine.library.projection({ key });
          if (projection) show(projection);
        }),

      draw: ({ spaces, settings }) =>
        run(async ({ signal, onProgress, gate }) => {
          drawing = signal;
          const before = get().shown;
          // In the order of their paths, so that a seed gives the same map in whatever order they were indexed.
          const wanted = library
            .getState()
            .current()
            .filter((video) => spaces.every((space) => video.spaces.includes(space)))
            .sort(byPath)
            .map(({ id }) => id);
          const { ids, blocks } = await readBlocks(spaces, wanted);
          signal.throwIfAborted();
          const head = { settings, spaces, ids, created: new Date().toISOString() };
          let epochs: readonly AutoencoderEpoch[] = [];
          try {
            const outcome = await engine.train.project(
              { blocks, settings },
              ({ coordinates, epochs: fresh }) => {
                if (signal.aborted) return;
                epochs = [...epochs, ...fresh];
                if (coordinates) show({ ...head, coordinates });
                set({ epochs });
              },
              { signal, onProgress, gate },
            );
            signal.throwIfAborted();
            const projection: Projection = { ...head, ...outcome };
            show(projection);
            await engine.library.keepProjection({ projection });
            set({ entries: await engine.library.projections() });
          } catch (error) {
            // What was on screen before is worth more than a map that is half made.
            if (drawing === signal) show(before);
            throw error;
          }
        }),
      placeNew: () =>
        run(async ({ signal }) => {
          const { shown } = get();
          const network = shown?.autoencoder?.network;
          if (!shown?.autoencoder || !network) return;
          const on = new Set(shown.ids);
          const wanted = library
            .getState()
            .current()
            .flatMap((video) => (on.has(video.id) ? [] : [video.id]));
          const { ids, blocks } = await readBlocks(shown.spaces, wanted);
          signal.throwIfAborted();
          if (ids.length === 0) return;
          const { coordinates, errors } = await engine.train.place({ blocks, settings: shown.settings, network });
          signal.throwIfAborted();
          const projection: Projection = {
            ...shown,
            ids: [...shown.ids, ...ids],
            coordinates: joined(shown.coordinates, coordinates),
            autoencoder: { ...shown.autoencoder, errors: joined(shown.autoencoder.errors, errors) },
          };
          show(projection);
          await engine.library.keepProjection({ projection });
          set({ entries: await engine.library.projections() });
        }),
      pause,
      cancel,

      findClusters: (clusters) =>
        run(async ({ signal, onProgress, gate }) => {
          const { shown } = get();
          if (!shown) return;
          const { ids, blocks } = await readBlocks(shown.spaces, shown.ids);
          const { settings } = shown;
          const found = await engine.train.cluster({ blocks, settings, clusters }, { signal, onProgress, gate });
          const clusterOf = new Map(ids.map((id, row) => [id, `Cluster ${(found[row] as number) + 1}`]));
          const groups = shown.ids.map((id) => clusterOf.get(id));
          if (get().shown === shown) set({ clusters: { of: String(clusters), groups } });
        }),
      predict: (id) =>
        run(async ({ signal, onProgress, gate }) => {
          const { shown } = get();
          if (!shown) return;
          const { head, entry } = await engine.library.keptHead({ id });
          const { space } = entry;
          if (space === undefined) return;
          const predicted = new Map<string, string | undefined>();
          for (let from = 0; from < shown.ids.length; from += chunk) {
            await gate.pass(signal);
            onProgress({ stage: 'Asking the head', fraction: from / shown.ids.length });
            const ids = shown.ids.slice(from, from + chunk);
            const rows =
              head.model.name === 'frame-network'
                ? await engine.library.moments({ space, ids, most: head.model.reading.moments })
                : await engine.library.vectors({ space, ids });
            const fitting = 'width' in rows || rows.dimensions === head.dimensions;
            if (!fitting || rows.ids.length === 0) continue;
            const scores = await engine.train.predict({ head, rows }, { signal, gate });
            const best = likeliest(scores, head.classes.length);
            rows.ids.forEach((video, row) => {
              predicted.set(video, head.classes[best[row] as number]);
            });
          }
          const groups = shown.ids.map((video) => predicted.get(video));
          if (get().shown === shown) set({ predictions: { of: id, groups } });
        }),

      compareWithVectors: () =>
        run(async ({ signal, onProgress, gate }) => {
          const { shown } = get();
          if (!shown) return;
          await groundTruth.getState().refresh();
          const on = new Set(shown.ids);
          const truth = (groundTruth.getState().reading?.truth ?? []).filter(({ id }) => on.has(id));
          const key = await engine.library.describeByMap({ key: projectionKey(shown) });
          await Promise.all([library.getState().load(), library.getState().loadSpaces()]);
          const grouped = truth.some(({ group }) => group !== undefined);
          const protocol = { name: grouped ? 'group-excluded' : 'leave-one-out' } as const;
          const several = shown.spaces.length > 1;
          const runs = [
            { name: `Map, ${shown.settings.method}, seed ${shown.settings.seed}`, keys: [key], recipe: originalRecipe },
            {
              name: `Vectors of that map, ${shown.settings.method}`,
              keys: shown.spaces,
              recipe: several ? ({ ...originalRecipe, fusion: { name: 'early' } } as const) : originalRecipe,
            },
          ];
          const reports: EvaluationReport[] = [];
          for (const { name, keys, recipe } of runs) {
            const spaces = keys.map((each) => ({ key: each, weight: 1 }));
            const scorer = { name: 'ranked', recipe } as const;
            const args = { name, truth, spaces, protocol, scorer, settings: defaultSettings };
            const report = await engine.library.evaluate(
              { ...args, leakage: false, original: false },
              { signal, onProgress, gate },
            );
            reports.push(report);
            await engine.library.saveReport({ name, report });
          }
          const [first, second] = reports;
          if (!first || !second) return;
          const comparison = await engine.library.compareReports({ first, second });
          if (get().shown === shown) set({ comparison: { ...comparison, protocol: protocol.name } });
        }),

      forgetDescriptor: () =>
        guarded(async () => {
          const { shown } = get();
          if (!shown) return;
          await engine.library.forgetMapDescriptor({ key: projectionKey(shown) });
          await Promise.all([library.getState().load(), library.getState().loadSpaces()]);
        }),

      async label(ids, labels) {
        const before = ids.map((id) => ({ id, changes: { labels: library.getState().video(id)?.labels ?? [] } }));
        const edit = (edits: readonly VideoEdit[]) =>
          guarded(async () => library.getState().apply(await engine.library.edit({ edits })));
        await edit(ids.map((id) => ({ id, changes: { labels } })));
        return () => edit(before);
      },
    };
  });
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The rows of some videos, in their order. */
function rowsOf({ matrix, dimensions }: InputBlock, ids: readonly string[], wanted: readonly string[]): InputBlock {
  if (ids.length === wanted.length) return { matrix, dimensions };
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const out = new Float32Array(wanted.length * dimensions);
  wanted.forEach((id, row) => {
    const from = (rowOf.get(id) as number) * dimensions;
    out.set(matrix.subarray(from, from + dimensions), row * dimensions);
  });
  return { matrix: out, dimensions };
}
