import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ExtractorOptions } from '../core/feature';
import type { Fit } from '../core/media';
import type { Instants } from '../core/sampling';
import type { ExtractorCard } from '../extractors/extractor';
import { knownOptions } from '../extractors/options';
import type { ExtractionRequest } from '../protocol/extract-api';

/** What a person chose, kept in this browser. */
export type Preferences = {
  /** Extractors switched off; the others describe every new video. */
  readonly extractorsOff: readonly string[];
  /** Extractors switched on of those that are off by default. */
  readonly extractorsOn: readonly string[];
  /** What was chosen of extractors' options, by the extractors' ids. */
  readonly extractorOptions: Readonly<Record<string, ExtractorOptions>>;
  /** Which instants of a video the networks look at, and how frames are framed for them: `own` as each card has it. */
  readonly instants: Instants;
  readonly fit: Fit | 'own';
  /** `webgpu` takes a software adapter too: for tests, not offered to people. */
  readonly backend: 'auto' | 'wasm' | 'webgpu';
  /** Megabytes that vectors may take in memory; null leaves it to the app. */
  readonly searchMemory: number | null;
};

export type PreferencesState = Preferences & { set(changes: Partial<Preferences>): void };
export type PreferencesStore = StoreApi<PreferencesState>;

export const defaultPreferences: Preferences = {
  extractorsOff: [],
  extractorsOn: [],
  extractorOptions: {},
  instants: { mode: 'uniform', frames: 8 },
  fit: 'own',
  backend: 'auto',
  searchMemory: null,
};

export function createPreferencesStore(): PreferencesStore {
  return createStore<PreferencesState>()(
    persist((set) => ({ ...defaultPreferences, set: (changes) => set(changes) }), {
      name: 'reelmatch-preferences',
      version: 1,
      partialize: ({ set: _, ...preferences }) => preferences,
    }),
  );
}

type Switches = Pick<Preferences, 'extractorsOff' | 'extractorsOn'>;

/** Whether an extractor describes new videos. */
export function isOn({ extractorsOff, extractorsOn }: Switches, { id, optIn }: ExtractorCard): boolean {
  return optIn ? extractorsOn.includes(id) : !extractorsOff.includes(id);
}

/** The lists of switches with one turned. */
export function switched(
  { extractorsOff, extractorsOn }: Switches,
  { id, optIn }: ExtractorCard,
  on: boolean,
): Switches {
  const without = (ids: readonly string[]) => ids.filter((other) => other !== id);
  return {
    extractorsOff: on || optIn ? without(extractorsOff) : [...without(extractorsOff), id],
    extractorsOn: on && optIn ? [...without(extractorsOn), id] : without(extractorsOn),
  };
}

/** How frames are framed for an extractor. */
export function framingOf({ fits, sampling }: ExtractorCard<'frame'>, chosen: Preferences['fit']): Fit {
  return chosen !== 'own' && fits.includes(chosen) ? chosen : sampling.fit;
}

/** What is asked of every new video: each extractor that is on, sampled as the person chose where it has a model. */
export function requestsFor(preferences: Preferences, cards: readonly ExtractorCard[]): ExtractionRequest[] {
  const { extractorOptions, instants, fit } = preferences;
  return cards
    .filter((card) => isOn(preferences, card))
    .map((card) => {
      const { id: extractor, sampling } = card;
      const options = knownOptions(card, extractorOptions[extractor] ?? {});
      if (card.kind !== 'frame' || !card.model) return { extractor, sampling, options };
      return {
        extractor,
        options,
        sampling: {
          ...card.sampling,
          // A card that counts seconds means them.
          instants: card.sampling.instants.mode === 'uniform' ? instants : card.sampling.instants,
          fit: framingOf(card, fit),
        },
      };
    });
}
