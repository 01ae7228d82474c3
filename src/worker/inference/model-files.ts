import { createSHA256 } from 'hash-wasm';
import { AppError, isAbortError } from '../../core/errors';
import type { PublishedFile } from '../../extractors/extractor';
import type { ModelSource } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import { modelInvalid } from './model-invalid';
import { modelStore, type PendingModel, type StoredModelNote, whileWriting } from './model-store';
import { transfer } from './transfer';

/** A model file in memory. */
export type FoundModel = ModelFacts & { readonly content: Uint8Array };

export type ModelFacts = {
  readonly source: ModelSource;
  readonly fileName: string;
  /** Undefined where a host does not say, until the file is loaded. */
  readonly bytes: number | undefined;
  /** Hex; undefined for a file of the app's origin that was not loaded yet. */
  readonly sha256: string | undefined;
};

/** Where a file is kept. */
type Kept = Pick<PublishedFile, 'file'>;

/** No network that is asked for here comes near; ONNX Runtime cannot load more than 2 GB. */
const largestBytes = 1024 ** 3;

/** Where a host of the app may lay model files: the built worker lies in `assets/`, beside `models/`. */
function originAddress(file: string): URL {
  return new URL(`${import.meta.env.DEV ? '/' : '../'}models/${file}`, globalThis.location.href);
}

/** Looks for a model in the app's store, then under `models/` on its origin, and loads it. Errors: `model-missing`. */
export async function loadModelFile({ file }: Kept, signal?: AbortSignal): Promise<FoundModel & { sha256: string }> {
  const stored = await modelStore.content(file);
  if (stored) {
    const note = await modelStore.note(file);
    const sha256 = note?.bytes === stored.length ? note.sha256 : await hashOf(stored);
    const { source, fileName } = note ?? { source: 'stored', fileName: file };
    return { content: stored, sha256, source, fileName, bytes: stored.length };
  }
  const content = await fetchFromOrigin(file, signal);
  if (!content) throw new AppError('model-missing', `The model file ${file} is not there yet.`, { file });
  return { content, sha256: await hashOf(content), source: 'origin', fileName: file, bytes: content.length };
}

/** What would be loaded, without loading it; undefined where there is nothing. */
export async function findModelFile({ file }: Kept): Promise<ModelFacts | undefined> {
  const stored = await modelStore.file(file);
  if (stored) {
    const note = await modelStore.note(file);
    return note?.bytes === stored.size
      ? note
      : { source: 'stored', fileName: file, bytes: stored.size, sha256: undefined };
  }
  const response = await askOrigin(file, { method: 'HEAD' });
  if (!response) return undefined;
  await response.arrayBuffer();
  const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  return { source: 'origin', fileName: file, bytes: length ? Number(length) : undefined, sha256: undefined };
}

/** Puts a file of the user in the store once `inspect` accepts it. Errors: `file-unreadable`, `model-invalid`,
 * `storage-full`, and those of `inspect`. */
export async function addModelFile(
  { file }: Kept,
  added: File,
  inspect: (content: Uint8Array) => Promise<void>,
  { signal, onProgress }: CallOptions = {},
): Promise<void> {
  if (added.size === 0) throw modelInvalid('it is empty');
  if (added.size > largestBytes) {
    throw modelInvalid('it is larger than 1 GB, and no model that this app can load is');
  }
  onProgress?.({ stage: 'Reading', fraction: undefined });
  const content = new Uint8Array(
    await added.arrayBuffer().catch((error: unknown) => {
      throw new AppError('file-unreadable', 'The file cannot be read.', { name: added.name }, { cause: error });
    }),
  );
  if (isMarkup(content)) throw modelInvalid('it is a web page, not a network');
  onProgress?.({ stage: 'Checking', fraction: undefined });
  await inspect(content);
  signal?.throwIfAborted();
  const sha256 = await hashOf(content);
  onProgress?.({ stage: 'Storing', fraction: undefined });
  await store(file, signal, async (pending) => {
    await pending.write(content);
    return { source: 'added', fileName: added.name, bytes: content.length, sha256 };
  });
}

/** Downloads the published file into the store. Errors: those of {@link transfer}, `storage-full`. */
export async function downloadModelFile(
  { file, sha256, bytes, ...entry }: PublishedFile,
  url: string | undefined,
  { signal, onProgress }: CallOptions = {},
): Promise<void> {
  await store(file, signal, async (sink) => {
    const received = await transfer({ url: url ?? entry.url, sha256, bytes, sink, signal, onProgress });
    return { source: 'downloaded', fileName: file, bytes: received.bytes, sha256 };
  });
}

/** Hashes the stored file again. Errors: `model-hash-mismatch` where it is not what was stored. */
export async function checkStoredFile({ file }: Kept): Promise<void> {
  const [content, note] = [await modelStore.content(file), await modelStore.note(file)];
  if (!content || !note) return;
  const found = await hashOf(content);
  if (found !== note.sha256) {
    throw new AppError('model-hash-mismatch', 'The stored model file has changed.', { expected: note.sha256, found });
  }
}

export async function removeModelFile({ file }: Kept): Promise<void> {
  await whileWriting(file, () => modelStore.remove(file));
}

async function store(
  file: string,
  signal: AbortSignal | undefined,
  fill: (pending: PendingModel) => Promise<StoredModelNote>,
): Promise<void> {
  await whileWriting(
    file,
    async () => {
      const pending = await modelStore.begin(file);
      try {
        await pending.commit(await fill(pending));
      } catch (error) {
        await pending.discard();
        throw error;
      }
    },
    signal,
  );
}

async function fetchFromOrigin(file: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  const response = await askOrigin(file, { signal });
  if (!response) return undefined;
  const content = await response.arrayBuffer().catch((error: unknown) => {
    if (isAbortError(error)) throw error;
    throw new AppError('model-incomplete', `Loading the model file ${file} broke off.`, { file }, { cause: error });
  });
  const bytes = new Uint8Array(content);
  return bytes.length === 0 || isMarkup(bytes) ? undefined : bytes;
}

/** Hosts of single-page apps answer with their page for a file that is not there. */
async function askOrigin(file: string, request: { method?: 'HEAD'; signal?: AbortSignal | undefined }) {
  const { method = 'GET', signal = null } = request;
  const response = await fetch(originAddress(file), { method, signal }).catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });
  const missing = !response?.ok || /text\/html/i.test(response.headers.get('content-type') ?? '');
  if (missing) await response?.body?.cancel();
  return missing ? undefined : response;
}

/** An ONNX file is a protobuf and begins with its version, never with `<`. */
function isMarkup(content: Uint8Array): boolean {
  return content[0] === 0x3c;
}

/** SHA-256, hex. WebCrypto's needs a secure context, and the page may be served without. */
async function hashOf(content: Uint8Array): Promise<string> {
  const hash = await createSHA256();
  hash.init();
  const step = 4 * 1024 * 1024;
  for (let at = 0; at < content.length; at += step) hash.update(content.subarray(at, at + step));
  return hash.digest('hex');
}
