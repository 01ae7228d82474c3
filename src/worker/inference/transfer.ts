import { createSHA256 } from 'hash-wasm';
import { AppError } from '../../core/errors';
import type { Progress } from '../../protocol/progress';

/** Where a download is written to, in order. */
export type TransferSink = {
  write(chunk: Uint8Array): void | Promise<void>;
  /** Throws away what was written, to start over. */
  restart(): void | Promise<void>;
};

export type TransferOptions = {
  readonly url: string;
  /** Expected SHA-256, hex. */
  readonly sha256: string;
  /** About how large the file is; the server's word is preferred for progress. */
  readonly bytes: number;
  readonly sink: TransferSink;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** How often a broken connection is taken up again. */
  readonly resumes?: number;
  /** A connection that brings nothing for so long counts as broken. */
  readonly stallMilliseconds?: number;
};

/** Downloads a file, hashing as it comes; a connection that breaks is taken up where it broke. What the sink holds is
 * the wanted file only when this resolves. Errors: `model-download-failed`, `model-incomplete`, `model-hash-mismatch`,
 * and whatever the sink throws. */
export async function transfer(options: TransferOptions): Promise<{ bytes: number }> {
  const { url, sha256, sink, signal, onProgress, resumes = 3, stallMilliseconds = 30_000 } = options;
  const hash = await createSHA256();
  hash.init();
  // A server that never ends must not fill the disk.
  const limit = options.bytes * 4;
  let received = 0;
  let total: number | undefined;
  for (let broken = 0; ; broken++) {
    signal?.throwIfAborted();
    const connection = new AbortController();
    const cancelled = signal ? AbortSignal.any([signal, connection.signal]) : connection.signal;
    let stall = setTimeout(() => connection.abort(), stallMilliseconds);
    let response: Response;
    try {
      response = await fetch(url, {
        signal: cancelled,
        cache: 'no-store',
        credentials: 'omit',
        headers: received > 0 ? { Range: `bytes=${received}-` } : {},
      });
    } catch (error) {
      clearTimeout(stall);
      signal?.throwIfAborted();
      if (received === 0 || broken >= resumes) throw failure(received, total, error);
      await pause(broken);
      continue;
    }
    if (received > 0 && response.status !== 206) {
      if (!response.ok) throw incomplete(received, total);
      hash.init();
      await sink.restart();
      received = 0;
    }
    checkResponse(response);
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const encoded = response.headers.get('content-encoding');
    if (Number.isFinite(length) && (!encoded || encoded === 'identity')) total = received + length;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw new BrokenConnection('The connection broke.', { cause: error });
        });
        clearTimeout(stall);
        if (done) break;
        if (received + value.length > limit) {
          throw new AppError('model-hash-mismatch', 'The server sends far more than the expected file.', { received });
        }
        hash.update(value);
        await sink.write(value);
        received += value.length;
        onProgress?.({ stage: 'Downloading', fraction: Math.min(1, received / (total ?? options.bytes)) });
        stall = setTimeout(() => connection.abort(), stallMilliseconds);
      }
    } catch (error) {
      connection.abort();
      signal?.throwIfAborted();
      if (!(error instanceof BrokenConnection)) throw error;
      if (broken >= resumes) throw incomplete(received, total, error);
      await pause(broken);
      continue;
    } finally {
      clearTimeout(stall);
    }
    if (total !== undefined && received < total) {
      if (broken >= resumes) throw incomplete(received, total);
      await pause(broken);
      continue;
    }
    break;
  }
  const found = hash.digest('hex');
  if (found !== sha256) {
    throw new AppError('model-hash-mismatch', 'The downloaded file is not the published one.', {
      expected: sha256,
      found,
      received,
    });
  }
  return { bytes: received };
}

class BrokenConnection extends Error {}

function checkResponse(response: Response): void {
  const { status } = response;
  if (!response.ok || !response.body) {
    throw new AppError('model-download-failed', `The server answered ${status}.`, { status });
  }
  if (/text\/html/i.test(response.headers.get('content-type') ?? '')) {
    throw new AppError('model-download-failed', 'The server answered with a web page instead of the file.', { status });
  }
}

function failure(received: number, total: number | undefined, cause: unknown): AppError {
  if (received > 0) return incomplete(received, total, cause);
  return new AppError('model-download-failed', 'The server could not be reached.', {}, { cause });
}

function incomplete(received: number, total: number | undefined, cause?: unknown): AppError {
  const details = total === undefined ? { received } : { received, expected: total };
  return new AppError('model-incomplete', 'The download broke off.', details, cause ? { cause } : {});
}

function pause(broken: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 250 * 2 ** broken));
}
