import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fit } from '../core/media';
import type { Instants } from '../core/sampling';
import type { ExtractorCard } from '../extractors/extractor';
import type { ExtractionRequest } from '../protocol/extract-api';

/** What a person chose, kept in this browser. */
export type Preferences = {
  /** Extractors switched off; the others describe every new video. */
  readonly extractorsOff: readonly string[];
  /** Which instants of a video the networks look at, and how frames are framed for them. */
  readonly instants: Instants;
  readonly fit: Fit;
  /** `webgpu` takes a software adapter too: for tests, not offered to people. */
  readonly backend: 'auto' | 'wasm' | 'webgpu';
};

export type PreferencesState = Preferences & { set(changes: Partial<Preferences>): void };
export type PreferencesStore = StoreApi<PreferencesState>;

export const defaultPreferences: Preferences = {
  extractorsOff: [],
  instants: { mode: 'uniform', frames: 8 },
  fit: 'centre-crop',
  backend: 'auto',
};

export function createPreferencesStore(): PreferencesStore {
  return createStore<PreferencesState>()(
    persist((set) => ({ ...defaultPreferences, set: (changes) => set(changes) }), {
      name: 'reelmatch-preferences',
      version: 1,
      partialize: ({ extractorsOff, instants, fit, backend }) => ({ extractorsOff, instants, fit, backend }),
    }),
  );
}

/** What is asked of every new video: each extractor that is on, sampled as the person chose where it has a model. */
export function requestsFor(
  { extractorsOff, instants, fit }: Preferences,
  cards: readonly ExtractorCard[],
): ExtractionRequest[] {
  return cards
    .filter(({ id }) => !extractorsOff.includes(id))
    .map((card) => {
      const { id: extractor, sampling, fits } = card;
      if (card.kind !== 'frame' || !card.model) return { extractor, sampling };
      return { extractor, sampling: { ...card.sampling, instants, fit: fits.includes(fit) ? fit : card.sampling.fit } };
    });
}
