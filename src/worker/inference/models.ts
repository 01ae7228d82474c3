import { AppError, toErrorRecord } from '../../core/errors';
import type { ModelInput } from '../../extractors/extractor';
import type { ModelStatus } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import { type InferenceEngine, inputOf, type NetworkCard } from './inference';
import {
  addModelFile,
  checkStoredFile,
  downloadModelFile,
  findModelFile,
  loadModelFile,
  removeModelFile,
} from './model-files';
import { modelStore } from './model-store';

/** The model files of the extractors: what is there, and every way to change that. */
export function createModels(cards: readonly NetworkCard[], inference: InferenceEngine) {
  const problems = new Map<string, AppError>();

  const cardOf = (id: string): NetworkCard => {
    const card = cards.find((card) => card.id === id);
    if (!card) throw new Error(`The extractor ${id} uses no model`);
    return card;
  };

  async function status({ id, model }: NetworkCard): Promise<ModelStatus> {
    const loaded = inference.loaded(id);
    const facts = loaded?.model ?? (await findModelFile(model));
    if (!facts) return { extractor: id, state: 'missing' };
    const { source, fileName, bytes, sha256 } = facts;
    const memory = sha256 ? await modelStore.memory(sha256) : {};
    const input =
      loaded?.input ??
      memory.input ??
      (sha256 && memory.layout ? inputOf(model, sha256, memory.layout) : undefined) ??
      (model.url !== undefined && sha256 === model.sha256 ? model.input : undefined);
    const problem = problems.get(id);
    return {
      extractor: id,
      state: problem ? 'invalid' : 'ready',
      source,
      fileName,
      ...(bytes !== undefined && { bytes }),
      ...(sha256 && { sha256, ...(model.url !== undefined && { published: sha256 === model.sha256 }) }),
      ...(input && { input }),
      ...(problem && { error: toErrorRecord(problem) }),
    };
  }

  /** A failed change leaves the file in use as it was; only loading tells that it is invalid. */
  async function changed(card: NetworkCard): Promise<ModelStatus> {
    problems.delete(card.id);
    await inference.forget(card.id);
    return status(card);
  }

  /** Keeps what loading a model told of its file, and passes the error on. */
  async function watch<T>(id: string, loading: Promise<T>): Promise<T> {
    try {
      const result = await loading;
      problems.delete(id);
      return result;
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('model-') && error.code !== 'model-missing') {
        problems.set(id, error);
      }
      throw error;
    }
  }

  return {
    watch,

    status: (): Promise<readonly ModelStatus[]> => Promise.all(cards.map(status)),

    async add(id: string, file: File, options?: CallOptions): Promise<ModelStatus> {
      const card = cardOf(id);
      await addModelFile(card.model, file, (content) => inference.inspect(card, content), options);
      return changed(card);
    },

    async download(id: string, url: string | undefined, options?: CallOptions): Promise<ModelStatus> {
      const card = cardOf(id);
      const { model } = card;
      if (model.url === undefined) throw new Error(`There is no published model for ${id}`);
      await downloadModelFile(model, url, options);
      return changed(card);
    },

    async verify(id: string, { onProgress }: CallOptions = {}): Promise<ModelStatus> {
      const card = cardOf(id);
      const check = async () => {
        onProgress?.({ stage: 'Hashing', fraction: undefined });
        await checkStoredFile(card.model);
        onProgress?.({ stage: 'Testing', fraction: undefined });
        await inference.test(card);
      };
      await watch(id, check());
      return status(card);
    },

    async remove(id: string): Promise<ModelStatus> {
      const card = cardOf(id);
      await removeModelFile(card.model);
      return changed(card);
    },

    async setInput(id: string, input: ModelInput): Promise<ModelStatus> {
      const card = cardOf(id);
      const sha256 = inference.loaded(id)?.model.sha256 ?? (await loadModelFile(card.model)).sha256;
      await modelStore.remember(sha256, { input });
      return changed(card);
    },
  };
}
