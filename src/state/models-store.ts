import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { ModelInput } from '../extractors/extractor';
import type { ExtractApi, InferenceStatus, ModelStatus } from '../protocol/extract-api';
import type { CallOptions, Progress } from '../protocol/progress';

/** What is being done to one extractor's model file. */
export type ModelWork = {
  readonly kind: 'download' | 'add' | 'verify' | 'remove' | 'configure';
  readonly progress: Progress | undefined;
};

/** `auto` takes a real GPU where there is one. */
export type BackendChoice = 'auto' | 'wasm';

export type ModelsState = {
  /** Undefined until they were read once. */
  readonly models: readonly ModelStatus[] | undefined;
  readonly inference: InferenceStatus | undefined;
  readonly work: Readonly<Record<string, ModelWork>>;
  readonly errors: Readonly<Record<string, ErrorRecord>>;
  /** Extractors whose file passed "Verify" since it was last changed. */
  readonly verified: Readonly<Record<string, boolean>>;
  readonly inferenceError: ErrorRecord | undefined;

  refresh(): Promise<void>;
  /** `url` overrides the catalogue's. */
  download(extractor: string, url?: string): Promise<void>;
  addFile(extractor: string, file: File): Promise<void>;
  verify(extractor: string): Promise<void>;
  remove(extractor: string): Promise<void>;
  setInput(extractor: string, input: ModelInput): Promise<void>;
  /** Stops the work on this extractor's model; what was there before stays. */
  cancel(extractor: string): void;
  /** Takes the backend into use and reads what runs now. */
  setBackend(backend: BackendChoice): Promise<void>;
};

export type ModelsStore = StoreApi<ModelsState>;

const without = <T>(values: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> => {
  const { [key]: _, ...rest } = values;
  return rest;
};

export function createModelsStore({ extract }: { extract: ExtractApi }): ModelsStore {
  const controllers = new Map<string, AbortController>();

  return createStore<ModelsState>()((set, get) => {
    const replace = (status: ModelStatus) => {
      const models = get().models ?? [];
      const known = models.some(({ extractor }) => extractor === status.extractor);
      set({
        models: known
          ? models.map((model) => (model.extractor === status.extractor ? status : model))
          : [...models, status],
      });
    };

    const run = async (
      extractor: string,
      kind: ModelWork['kind'],
      call: (options: CallOptions) => Promise<ModelStatus>,
    ): Promise<void> => {
      if (controllers.has(extractor)) return;
      const controller = new AbortController();
      controllers.set(extractor, controller);
      const { signal } = controller;
      set({
        work: { ...get().work, [extractor]: { kind, progress: undefined } },
        errors: without(get().errors, extractor),
        verified: without(get().verified, extractor),
      });
      const finish = () => {
        if (controllers.get(extractor) !== controller) return;
        controllers.delete(extractor);
        set({ work: without(get().work, extractor) });
      };
      // The button answers at once; the call itself may take a moment to let go.
      signal.addEventListener('abort', finish);
      try {
        const status = await call({
          signal,
          onProgress: (progress) => {
            if (!signal.aborted) set({ work: { ...get().work, [extractor]: { kind, progress } } });
          },
        });
        replace(status);
        if (kind === 'verify' && status.state === 'ready') set({ verified: { ...get().verified, [extractor]: true } });
      } catch (error) {
        if (signal.aborted || isAbortError(error)) return;
        if (!(error instanceof AppError)) throw error;
        set({ errors: { ...get().errors, [extractor]: toErrorRecord(error) } });
      } finally {
        finish();
      }
      await get().refresh();
    };

    return {
      models: undefined,
      inference: undefined,
      work: {},
      errors: {},
      verified: {},
      inferenceError: undefined,

      async refresh() {
        try {
          set({ models: await extract.models() });
          set({ inference: await extract.inference(), inferenceError: undefined });
        } catch (error) {
          if (isAbortError(error)) return;
          if (!(error instanceof AppError)) throw error;
          set({ inferenceError: toErrorRecord(error) });
        }
      },

      download: (extractor, url) =>
        run(extractor, 'download', (options) =>
          extract.downloadModel({ extractor, ...(url !== undefined && { url }) }, options),
        ),
      addFile: (extractor, file) => run(extractor, 'add', (options) => extract.addModel({ extractor, file }, options)),
      verify: (extractor) => run(extractor, 'verify', (options) => extract.verifyModel({ extractor }, options)),
      remove: (extractor) => run(extractor, 'remove', () => extract.removeModel({ extractor })),
      setInput: (extractor, input) => run(extractor, 'configure', () => extract.setModelInput({ extractor, input })),

      cancel(extractor) {
        controllers.get(extractor)?.abort();
      },

      async setBackend(backend) {
        try {
          await extract.setBackend({ backend });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set({ inferenceError: toErrorRecord(error) });
        }
        await get().refresh();
      },
    };
  });
}
