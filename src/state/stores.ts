import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { extractors as cards } from '../extractors/registry';
import { type ClassifyStore, createClassifyStore } from './classify-store';
import { createDuplicatesStore, type DuplicatesStore } from './duplicates-store';
import type { Engine } from './engine';
import { createEvaluationStore, type EvaluationStore } from './evaluation-store';
import { createFeatureFilesStore, type FeatureFilesStore } from './feature-files-store';
import { createGroundTruthStore, type GroundTruthStore } from './ground-truth-store';
import { createJobsStore, type JobsStore } from './jobs-store';
import { createLibraryStore, type LibraryStore } from './library-store';
import { createLiveStore, type LiveStore } from './live/live-store';
import { createMapStore, type MapStore } from './map-store';
import { createModelsStore, type ModelsStore } from './models-store';
import { createMomentsStore, type MomentsStore } from './moments-store';
import { createPlaybackStore, type PlaybackStore } from './playback-store';
import { createPreferencesStore, type PreferencesStore } from './preferences';
import { createRankingLabStore, type RankingLabStore } from './ranking-lab';
import { createRankingPreferencesStore, type RankingPreferencesStore } from './ranking-preferences';
import { createSearchStore, type SearchStore } from './search-store';
import { createShotsStore, type ShotsStore } from './shots-store';
import { createSourcesStore, type SourcesStore } from './sources';
import { steadily } from './steadily';
import { createStorageStore, type StorageStore } from './storage-store';
import { createSuggestionsStore, type SuggestionsStore } from './suggestions-store';
import { createThumbnails, type Thumbnails } from './thumbnails';
import { createUnusualStore, type UnusualStore } from './unusual-store';
import { createWatchedStore, type WatchedStore } from './watched-store';

/** Every store of the app, made once around one engine. */
export type Stores = {
  readonly engine: Engine;
  readonly preferences: PreferencesStore;
  readonly classify: ClassifyStore;
  readonly duplicates: DuplicatesStore;
  readonly evaluation: EvaluationStore;
  readonly featureFiles: FeatureFilesStore;
  readonly groundTruth: GroundTruthStore;
  readonly library: LibraryStore;
  readonly sources: SourcesStore;
  readonly jobs: JobsStore;
  readonly live: LiveStore;
  readonly map: MapStore;
  readonly models: ModelsStore;
  readonly moments: MomentsStore;
  readonly playback: PlaybackStore;
  readonly ranking: RankingPreferencesStore;
  readonly rankingLab: RankingLabStore;
  readonly search: SearchStore;
  readonly shots: ShotsStore;
  readonly storage: StorageStore;
  readonly suggestions: SuggestionsStore;
  readonly thumbnails: Thumbnails;
  readonly unusual: UnusualStore;
  readonly watched: WatchedStore;
};

export function createStores(engine: Engine): Stores {
  const preferences = createPreferencesStore();
  const library = createLibraryStore(engine);
  const sources = createSourcesStore({
    library: engine.library,
    videoOf: (id) => library.getState().video(id),
  });
  const groundTruth = createGroundTruthStore({ worker: engine.library, library });
  const models = createModelsStore(engine);
  const ranking = createRankingPreferencesStore();
  return {
    engine,
    preferences,
    classify: createClassifyStore({ engine, library }),
    duplicates: createDuplicatesStore(engine),
    evaluation: createEvaluationStore(engine),
    featureFiles: createFeatureFilesStore(engine),
    groundTruth,
    library,
    sources,
    live: createLiveStore(engine),
    jobs: createJobsStore({ engine, library, sources, models, preferences, cards }),
    map: createMapStore({ engine, library, groundTruth }),
    models,
    moments: createMomentsStore({ ...engine, fileOf: (id) => sources.getState().fileOf(id) }),
    playback: createPlaybackStore({ ...engine, fileOf: (id) => sources.getState().fileOf(id) }),
    ranking,
    rankingLab: createRankingLabStore({ library: engine.library, ranking }),
    search: createSearchStore({ ...engine, ranking, fileOf: (id) => sources.getState().fileOf(id) }),
    shots: createShotsStore({ engine, library, fileOf: (id) => sources.getState().fileOf(id) }),
    storage: createStorageStore({ library: engine.library, persistence: navigator.storage }),
    suggestions: createSuggestionsStore({ engine, library }),
    thumbnails: createThumbnails(engine),
    unusual: createUnusualStore(engine),
    watched: createWatchedStore(),
  };
}

/** Given by the app to all pages. */
export const StoresContext = createContext<Stores | undefined>(undefined);

export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (!stores) throw new Error('StoresContext is missing above this component');
  return stores;
}

/** What `select` takes from a store; the component renders again when it changes (compared by `Object.is`). */
export function useStoreValue<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  return useStore(store, select);
}

/** As {@link useStoreValue}, for what changes with each of thousands of files: renders again at most ten times a second. */
export function useSteadyValue<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  const subscribe = useMemo(() => steadily(store.subscribe, 100), [store]);
  return useSyncExternalStore(subscribe, () => select(store.getState()));
}
