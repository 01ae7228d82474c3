import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { ModelInput } from '../extractors/extractor';
import type { ExtractApi, InferenceStatus, ModelStatus } from '../protocol/extract-api';
import type { CallOptions, Progress } from '../protocol/progress';

/** What is being done to one model file. */
export type ModelWork = {
  readonly kind: 'download' | 'add' | 'verify' | 'remove' | 'configure' | 'copy';
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
  /** Model files that passed "Verify" since they were last changed. */
  readonly verified: Readonly<Record<string, boolean>>;
  readonly inferenceError: ErrorRecord | undefined;

  refresh(): Promise<void>;
  /** `url` overrides the catalogue's. */
  download(model: string, url?: string): Promise<void>;
  addFile(model: string, file: File): Promise<void>;
  verify(model: string): Promise<void>;
  remove(model: string): Promise<void>;
  setInput(model: string, input: ModelInput): Promise<void>;
  /** Makes an 8-bit copy of the network, and takes it into use. */
  makeCopy(model: string): Promise<void>;
  switchCopy(model: string, inUse: boolean): Promise<void>;
  removeCopy(model: string): Promise<void>;
  /** Stops the work on this model file; what was there before stays. */
  cancel(model: string): void;
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
      const known = models.some(({ model }) => model === status.model);
      set({
        models: known ? models.map((known) => (known.model === status.model ? status : known)) : [...models, status],
      });
    };

    const run = async (
      model: string,
      kind: ModelWork['kind'],
      call: (options: CallOptions) => Promise<ModelStatus>,
    ): Promise<void> => {
      if (controllers.has(model)) return;
      const controller = new AbortController();
      controllers.set(model, controller);
      const { signal } = controller;
      set({
        work: { ...get().work, [model]: { kind, progress: undefined } },
        errors: without(get().errors, model),
        verified: without(get().verified, model),
      });
      const finish = () => {
        if (controllers.get(model) !== controller) return;
        controllers.delete(model);
        set({ work: without(get().work, model) });
      };
      // The button answers at once; the call itself may take a moment to let go.
      signal.addEventListener('abort', finish);
      try {
        const status = await call({
          signal,
          onProgress: (progress) => {
            if (!signal.aborted) set({ work: { ...get().work, [model]: { kind, progress } } });
          },
        });
        replace(status);
        if (kind === 'verify' && status.state === 'ready') set({ verified: { ...get().verified, [model]: true } });
      } catch (error) {
        if (signal.aborted || isAbortError(error)) return;
        if (!(error instanceof AppError)) throw error;
        set({ errors: { ...get().errors, [model]: toErrorRecord(error) } });
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

      download: (model, url) =>
        run(model, 'download', (options) =>
          extract.downloadModel({ model, ...(url !== undefined && { url }) }, options),
        ),
      addFile: (model, file) => run(model, 'add', (options) => extract.addModel({ model, file }, options)),
      verify: (model) => run(model, 'verify', (options) => extract.verifyModel({ model }, options)),
      remove: (model) => run(model, 'remove', () => extract.removeModel({ model })),
      setInput: (model, input) => run(model, 'configure', () => extract.setModelInput({ model, input })),
      makeCopy: (model) => run(model, 'copy', (options) => extract.makeModelCopy({ model }, options)),
      switchCopy: (model, inUse) => run(model, 'configure', () => extract.switchModelCopy({ model, inUse })),
      removeCopy: (model) => run(model, 'remove', () => extract.removeModelCopy({ model })),

      cancel(model) {
        controllers.get(model)?.abort();
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
