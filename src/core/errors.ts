/** Everything that can go wrong and that a person is told about. `ui/error-messages.ts` holds the words for each. */
export type ErrorCode =
  // files
  | 'file-empty'
  | 'file-unreadable'
  | 'file-changed'
  | 'file-not-media'
  | 'file-truncated'
  | 'no-video-track'
  | 'codec-unsupported'
  | 'frame-too-large'
  | 'decode-failed'
  | 'decode-stalled'
  | 'no-frames'
  | 'sound-only'
  | 'no-sound'
  | 'sound-unreadable'
  | 'image-unreadable'
  // models
  | 'model-missing'
  | 'model-invalid'
  | 'model-operator-unsupported'
  | 'model-output-unsupported'
  | 'copy-not-made'
  | 'model-hash-mismatch'
  | 'model-incomplete'
  | 'model-download-failed'
  | 'inference-failed'
  // storage
  | 'storage-full'
  | 'storage-unavailable'
  | 'video-missing'
  | 'features-missing'
  | 'part-empty'
  | 'spaces-differ'
  | 'library-too-large'
  // exports and imports
  | 'import-invalid'
  | 'proxy-failed'
  // evaluation
  | 'evaluation-empty'
  | 'evaluation-too-large'
  | 'report-invalid'
  | 'report-missing'
  // classifiers
  | 'training-impossible'
  | 'training-diverged'
  | 'training-unsound'
  | 'checkpoint-stale'
  | 'training-elsewhere'
  | 'features-file-invalid'
  | 'head-missing'
  | 'head-invalid'
  // maps
  | 'map-impossible'
  | 'unusual-impossible'
  // live
  | 'capture-refused'
  | 'capture-missing'
  | 'capture-busy'
  | 'capture-unplayable'
  | 'capture-unsupported'
  | 'classes-missing'
  // threads
  | 'out-of-memory'
  | 'worker-stopped'
  | 'unforeseen';

/** Facts for the message: numbers and short strings, never objects from another thread. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** A failure with words for a person. Anything thrown that is neither this nor an `AbortError` is a bug, or want of memory. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Plain form of an {@link AppError}, for threads and storage. */
export type ErrorRecord = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
};

export function toErrorRecord(error: AppError): ErrorRecord {
  return { code: error.code, message: error.message, details: error.details };
}

export function fromErrorRecord(record: ErrorRecord): AppError {
  return new AppError(record.code, record.message, record.details);
}

/** True for the rejection of a cancelled operation, which is never shown to a person. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** True for what is thrown where memory cannot be had: by the browser for an array, by WebAssembly for its memory, and by the
 * libraries that keep a heap there (jax-js, h5wasm). */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RangeError || error.name === 'RangeError') {
    return /allocat|memory|invalid (typed )?array length|array buffer length/i.test(error.message);
  }
  return /out of memory|memory allocation of \d+ bytes failed|exceeds maximum memory/i.test(error.message);
}

/** Any failure as one with words for a person. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = isOutOfMemory(error) ? 'out-of-memory' : 'unforeseen';
  return new AppError(code, message, code === 'unforeseen' ? { reason: message.slice(0, 200) } : {}, { cause: error });
}
