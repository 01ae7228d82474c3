import { AppError, toErrorRecord } from '../../core/errors';
import type { ModelEntry, ModelInput } from '../../extractors/extractor';
import type { ModelFile } from '../../extractors/model-files';
import type { ModelStatus } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { InferenceEngine } from './inference';
import {
  addModelFile,
  checkStoredFile,
  downloadModelFile,
  findModelFile,
  loadModelFile,
  removeModelFile,
} from './model-files';
import { modelInvalid } from './model-invalid';
import { inputOf } from './model-plan';
import { type ModelMemory, modelStore } from './model-store';
import { keptCopies } from './quantise/kept-copies';

/** The model files of the extractors: what is there, and every way to change that. */
export function createModels(files: readonly ModelFile[], inference: InferenceEngine) {
  const problems = new Map<string, AppError>();

  const fileOf = (id: string): ModelFile => {
    const file = files.find((file) => file.id === id);
    if (!file) throw new Error(`There is no model file ${id}`);
    return file;
  };
  const inspect = (file: ModelFile, content: Uint8Array) =>
    file.kind === 'network' ? inference.inspect(file, content) : Promise.resolve(void parseTokenizer(content));

  async function status(file: ModelFile): Promise<ModelStatus> {
    const { id, model } = file;
    const loaded = inference.loaded(id);
    const facts = loaded?.model ?? (await findModelFile(model));
    if (!facts) return { model: id, state: 'missing' };
    const { source, fileName, bytes } = facts;
    const kept = await keptCopies.find(model.file);
    // What was copied is taken for the file that is there, until that is loaded.
    const sha256 = facts.sha256 ?? kept?.of;
    const copy = kept && kept.of === sha256 ? kept : undefined;
    const memory = sha256 ? await modelStore.memory(sha256) : {};
    const input = file.kind === 'network' ? (loaded?.input ?? guessedInput(file.model, sha256, memory)) : undefined;
    const problem = problems.get(id);
    return {
      model: id,
      state: problem ? 'invalid' : 'ready',
      source,
      fileName,
      ...(bytes !== undefined && { bytes }),
      ...(sha256 && { sha256, ...(model.url !== undefined && { published: sha256 === model.sha256 }) }),
      ...(input && { input }),
      ...(copy && { copy }),
      ...(problem && { error: toErrorRecord(problem) }),
    };
  }

  /** A failed change leaves the file in use as it was; only loading tells that it is invalid. */
  async function changed(file: ModelFile): Promise<ModelStatus> {
    problems.delete(file.id);
    await inference.forget(file.id);
    return status(file);
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

    status: (): Promise<readonly ModelStatus[]> => Promise.all(files.map(status)),

    async add(id: string, added: File, options?: CallOptions): Promise<ModelStatus> {
      const file = fileOf(id);
      await addModelFile(file.model, added, (content) => inspect(file, content), options);
      await keptCopies.remove(file.model.file);
      return changed(file);
    },

    async download(id: string, url: string | undefined, options?: CallOptions): Promise<ModelStatus> {
      const file = fileOf(id);
      const { model } = file;
      if (model.url === undefined) throw new Error(`There is no published model for ${id}`);
      await downloadModelFile(model, url, options);
      await keptCopies.remove(model.file);
      return changed(file);
    },

    async verify(id: string, { onProgress }: CallOptions = {}): Promise<ModelStatus> {
      const file = fileOf(id);
      const check = async () => {
        onProgress?.({ stage: 'Hashing', fraction: undefined });
        await checkStoredFile(file.model);
        onProgress?.({ stage: 'Testing', fraction: undefined });
        if (file.kind === 'network') await inference.test(file);
        else parseTokenizer((await loadModelFile(file.model)).content);
      };
      await watch(id, check());
      return status(file);
    },

    async remove(id: string): Promise<ModelStatus> {
      const file = fileOf(id);
      await removeModelFile(file.model);
      await keptCopies.remove(file.model.file);
      return changed(file);
    },

    async setInput(id: string, input: ModelInput): Promise<ModelStatus> {
      const file = fileOf(id);
      const sha256 = inference.loaded(id)?.model.sha256 ?? (await loadModelFile(file.model)).sha256;
      await modelStore.remember(sha256, { input });
      // Its ranges are those of the pixels as they were.
      await keptCopies.remove(file.model.file);
      return changed(file);
    },

    async makeCopy(id: string, options: CallOptions = {}): Promise<ModelStatus> {
      const file = fileOf(id);
      if (file.kind !== 'network') throw new Error(`${id} is no network`);
      await watch(id, inference.makeCopy(file, options));
      return changed(file);
    },

    async switchCopy(id: string, inUse: boolean): Promise<ModelStatus> {
      const file = fileOf(id);
      await keptCopies.use(file.model.file, inUse);
      return changed(file);
    },

    async removeCopy(id: string): Promise<ModelStatus> {
      const file = fileOf(id);
      await keptCopies.remove(file.model.file);
      return changed(file);
    },
  };
}

/** How a network that is not loaded will be fed, as far as that is known. */
function guessedInput(model: ModelEntry, sha256: string | undefined, memory: ModelMemory): ModelInput | undefined {
  if (memory.input) return memory.input;
  if (sha256 && memory.layout) return inputOf(model, memory.layout);
  return model.url !== undefined && sha256 === model.sha256 ? model.input : undefined;
}

/** Errors: `model-invalid` for what is no `tokenizer.json`. */
export function parseTokenizer(content: Uint8Array): object {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    const { model } = parsed as { model?: { vocab?: unknown } };
    if (model?.vocab) return parsed as object;
  } catch (error) {
    throw modelInvalid(notTokenizer, error);
  }
  throw modelInvalid(notTokenizer);
}

const notTokenizer = 'it is no tokenizer.json with a vocabulary';
