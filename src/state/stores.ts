import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Engine } from './engine';
import { createModelsStore, type ModelsStore } from './models-store';
import { createPreferencesStore, type PreferencesStore } from './preferences';
import { createSearchStore, type SearchStore } from './search-store';
import { createStorageStore, type StorageStore } from './storage-store';

/** Every store of the app, made once around one engine. */
export type Stores = {
  readonly engine: Engine;
  readonly preferences: PreferencesStore;
  readonly models: ModelsStore;
  readonly search: SearchStore;
  readonly storage: StorageStore;
};

export function createStores(engine: Engine): Stores {
  const preferences = createPreferencesStore();
  return {
    engine,
    preferences,
    models: createModelsStore(engine),
    search: createSearchStore(engine),
    storage: createStorageStore({ library: engine.library, persistence: navigator.storage }),
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
