import { type Endpoint, expose, type TransferHandler, transfer, transferHandlers, wrap } from 'comlink';
import { AppError, asAppError, type ErrorRecord, fromErrorRecord, isOutOfMemory, toErrorRecord } from '../core/errors';
import type { Extraction } from './extract-api';
import { createGate } from './gate';
import type { CallOptions, Progress } from './progress';
import { packedArguments, packedResult, unpackedArguments, unpackedResult } from './report-transfer';

/** What a connection needs of a worker; tests pass a MessagePort dressed as one. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'> & {
  readonly start?: () => void;
};

/** A worker's API as the page sees it.
 *
 * Calls behave as calls of `Api` itself: arguments and results are cloned, `AppError` keeps code and details, aborting
 * the signal of {@link CallOptions} rejects at once with an `AbortError` and tells the worker, and a function given as
 * an argument may be called by the worker for as long as the connection lives (what it returns goes nowhere). */
export type Connection<Api extends object> = {
  readonly api: Api;
  /** Ends the worker. Calls under way, and later ones, reject with an `AbortError`. */
  terminate(): void;
  /** Resolves when the connection ends: an `AbortError` after `terminate`, else why the worker failed. Spawn another then. */
  readonly ended: Promise<Error>;
};

type Method = (...args: unknown[]) => unknown;

/** One call's options, or a callback argument, on their way to the other thread: the far end of a channel. */
class FarEnd {
  constructor(
    readonly kind: 'options' | 'callback',
    readonly port: MessagePort,
    /** Whether the gate of a call's options is closed as the call begins. */
    readonly held = false,
  ) {}
}

type WireError = {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly record: ErrorRecord | undefined;
};

/** Ports that a call received, closed when it settles. */
const portOf = new WeakMap<object, MessagePort>();

const farEndHandler: TransferHandler<unknown, Pick<FarEnd, 'kind' | 'port' | 'held'>> = {
  canHandle: (value): value is FarEnd => value instanceof FarEnd,
  serialize: (value) => {
    const { kind, port, held } = value as FarEnd;
    return [{ kind, port, held }, [port]];
  },
  deserialize: ({ kind, port, held }) => (kind === 'options' ? receiveOptions(port, held) : receiveCallback(port)),
};

function installHandlers(): void {
  transferHandlers.set('far-end', farEndHandler);
  // Comlink marks what is thrown by a symbol that it keeps to itself: its own handler has to recognise it.
  const thrown = transferHandlers.get('throw') as TransferHandler<{ value: unknown }, unknown>;
  transferHandlers.set('throw', {
    canHandle: thrown.canHandle,
    serialize: (marked: { value: unknown }) => [describeError(marked.value), []],
    deserialize: (error: WireError) => {
      throw reviveError(error);
    },
  });
}
installHandlers();

/**
 * Answers calls of `api` in this worker. The vectors of an `Extraction` it returns are transferred, not copied; reports
 * go either way packed, see `core/evaluation/packed-report.ts`, and long lists come back in portions.
 */
export function serve<Api extends object>(api: Api, endpoint?: Endpoint): void {
  const methods = api as Record<string, Method>;
  const answering = new Proxy<Record<string, Method>>(
    {},
    {
      get:
        (_, name) =>
        async (...args: unknown[]) => {
          const method = methods[String(name)];
          if (!method) throw new TypeError(`The worker has no method ${String(name)}`);
          try {
            const result = await method.apply(api, (await unpackedArguments(args)) ?? args);
            return isExtraction(result) ? transfer(result, ownedBuffers(result)) : packedResult(result);
          } finally {
            for (const arg of args) portOf.get(arg as object)?.close();
          }
        },
    },
  );
  expose(answering, endpoint);
}

/** Connects the page to a worker that calls {@link serve}. The worker must not be used by anyone else. */
export function connect<Api extends object>(worker: WorkerLike): Connection<Api> {
  const wrapped = wrap(worker as Endpoint) as unknown as Record<string, unknown>;
  const remote = (name: string) => wrapped[name] as (...args: unknown[]) => Promise<unknown>;
  const pending = new Set<(reason: Error) => void>();
  let reason: Error | undefined;
  let announce: (reason: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    announce = resolve;
  });

  const end = (why: Error) => {
    if (reason) return;
    reason = why;
    worker.terminate();
    for (const reject of pending) reject(why);
    pending.clear();
    announce(why);
  };
  worker.addEventListener('error', (event) => {
    const { message } = event as Partial<ErrorEvent>;
    end(new Error(message ? `The worker failed: ${message}` : 'The worker could not be loaded'));
  });
  worker.addEventListener('messageerror', () => end(new Error('A message to or from the worker could not be read')));

  const call = (name: string, args: readonly unknown[]): Promise<unknown> => {
    const signal = args.find(isCallOptions)?.signal;
    return new Promise((resolve, reject) => {
      if (reason) return reject(reason);
      if (signal?.aborted) return reject(abortError());
      const releases: (() => void)[] = [];
      const release = () => {
        pending.delete(fail);
        for (const undo of releases) undo();
      };
      const fail = (why: Error) => {
        release();
        reject(why);
      };
      pending.add(fail);
      if (signal) {
        const cancel = () => reject(abortError());
        signal.addEventListener('abort', cancel);
        releases.push(() => signal.removeEventListener('abort', cancel));
      }
      const sent = args.map((arg) => {
        if (typeof arg === 'function') return sendCallback(arg as Method);
        return isCallOptions(arg) ? sendOptions(arg, releases) : arg;
      });
      const packing = packedArguments(sent);
      const answer = packing ? packing.then((packed) => remote(name)(...packed)) : remote(name)(...sent);
      answer.then(unpackedResult).then((result) => {
        release();
        resolve(result);
      }, fail);
    });
  };

  const api = new Proxy({} as Record<string, unknown>, {
    // `then` must be absent: the api would otherwise be taken for a promise.
    get: (_, name) =>
      typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => call(name, args) : undefined,
  });
  return { api: api as Api, terminate: () => end(abortError()), ended };
}

function sendOptions({ signal, onProgress, gate }: CallOptions, releases: (() => void)[]): FarEnd {
  const { port1, port2 } = new MessageChannel();
  if (onProgress) port1.onmessage = ({ data }) => onProgress(data as Progress);
  const forward = () => {
    // Progress already on its way is of no interest to one who cancelled.
    port1.onmessage = null;
    port1.postMessage('abort');
  };
  signal?.addEventListener('abort', forward);
  const hold = (closed: boolean) => port1.postMessage(closed ? 'hold' : 'go on');
  const ignoreGate = gate?.subscribe(hold);
  releases.push(() => {
    ignoreGate?.();
    signal?.removeEventListener('abort', forward);
    port1.onmessage = null;
    port1.close();
  });
  return new FarEnd('options', port2, gate?.closed);
}

function receiveOptions(port: MessagePort, held: boolean): CallOptions {
  const controller = new AbortController();
  const gate = createGate();
  if (held) gate.close();
  port.onmessage = ({ data }) => {
    if (data === 'hold') gate.close();
    else if (data === 'go on') gate.open();
    else controller.abort();
  };
  const options: CallOptions = {
    signal: controller.signal,
    gate,
    onProgress: (progress) => port.postMessage(progress),
  };
  portOf.set(options, port);
  return options;
}

function sendCallback(callback: Method): FarEnd {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => callback(...(data as unknown[]));
  // Only Node has `unref`: an open callback must not keep a test run alive.
  (port1 as { unref?: () => void }).unref?.();
  return new FarEnd('callback', port2);
}

function receiveCallback(port: MessagePort): Method {
  return (...args) => port.postMessage(args);
}

function isCallOptions(value: unknown): value is CallOptions {
  if (typeof value !== 'object' || value === null) return false;
  const { signal, onProgress } = value as CallOptions;
  return signal instanceof AbortSignal || typeof onProgress === 'function';
}

function isExtraction(value: unknown): value is Extraction {
  return typeof value === 'object' && value !== null && 'features' in value && 'timings' in value;
}

function ownedBuffers({ features }: Extraction): ArrayBuffer[] {
  const buffers = features.flatMap(({ vector, frames, times }) => [vector.buffer, frames.buffer, times.buffer]);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}

function abortError(): Error {
  return new DOMException('The operation was cancelled', 'AbortError');
}

function describeError(value: unknown): WireError {
  const error = value instanceof Error ? value : new Error(String(value));
  const { name, message, stack } = error;
  const told = error instanceof AppError || isOutOfMemory(error) ? asAppError(error) : undefined;
  return { name, message, stack, record: told && toErrorRecord(told) };
}

function reviveError({ name, message, stack, record }: WireError): Error {
  if (name === 'AbortError') return abortError();
  const error = record ? fromErrorRecord(record) : Object.assign(new Error(message), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
