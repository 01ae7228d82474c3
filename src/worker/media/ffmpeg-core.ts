import wasmUrl from '@ffmpeg/core/wasm?url';
import coreUrl from '@ffmpeg/core?url';
import { FFmpeg, type LogEvent, type ProgressEvent } from '@ffmpeg/ffmpeg';
import { once, serial } from '../../core/async';
import { AppError, isAbortError } from '../../core/errors';

/** What a command said: `output` is standard output (ffprobe's answer), `log` the rest. */
type FfmpegOutcome = {
  readonly code: number;
  readonly log: readonly string[];
  readonly output: readonly string[];
};

/** What is heard of a command while it runs. `onFraction` is ffmpeg's own guess, 0..1. */
type FfmpegListeners = {
  readonly onLine?: (line: string) => void;
  readonly onFraction?: (fraction: number) => void;
};

/** ffmpeg with one file mounted at `inputPath`. */
export type FfmpegSession = {
  /** Runs ffmpeg. A core that trapped or hung is replaced and the command tried once more. Errors: `decode-failed`, `decode-stalled`. */
  run(args: readonly string[], listeners?: FfmpegListeners): Promise<FfmpegOutcome>;
  /** Runs ffprobe. Errors: as `run`. */
  probe(args: readonly string[]): Promise<FfmpegOutcome>;
  /** Takes a file that the last command wrote; the caller owns the bytes. Undefined where there is none. */
  take(path: string): Promise<Uint8Array | undefined>;
};

export type FfmpegHost = {
  /** Lends a session; sessions follow one another. Cancelling kills the core at once. Errors: those of the session. */
  use<T>(
    file: Blob | undefined,
    signal: AbortSignal | undefined,
    work: (session: FfmpegSession) => Promise<T>,
  ): Promise<T>;
  /** Kills the core; the next session starts another. */
  close(): void;
};

/** The core corrupts its memory after about 147 commands (ffmpegwasm/ffmpeg.wasm#943). A video takes two: ffprobe and ffmpeg. */
const commandsPerCore = 40;
/** How many of the last lines of a command's log are kept. */
const keptLines = 200;

// Fetched once beforehand: a failure of the network then has a face, and slowness is not taken for a hang.
const fetchCore = once(async () => {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  await response.blob();
});

const absolute = (url: string) => new URL(url, self.location.href).href;

class CoreLost extends Error {
  readonly reason: 'stalled' | 'trapped';
  constructor(reason: 'stalled' | 'trapped', options?: ErrorOptions) {
    super(`the decoder ${reason}`, options);
    this.reason = reason;
  }
}

/** ffmpeg.wasm in a worker of its own. `stallAfter`: milliseconds without a sign of life after which a command is given up;
 * `idleAfter`: milliseconds without a session after which the core is let go of, as its memory never shrinks. */
export function createFfmpegHost({ stallAfter = 45_000, idleAfter = 60_000 } = {}): FfmpegHost {
  const queue = serial();
  let core: FFmpeg | undefined;
  let commands = 0;
  let mounted = false;
  let idle: ReturnType<typeof setTimeout> | undefined;

  function close(): void {
    core?.terminate();
    core = undefined;
    commands = 0;
    mounted = false;
  }

  /** Resolves as `work` does, unless the core gives no sign of life for too long or the signal fires: then the core is killed. */
  async function guarded<T>(ffmpeg: FFmpeg, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let giveUp: (reason: unknown) => void = () => undefined;
    const given = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(new CoreLost('stalled')), stallAfter);
    };
    const abort = () => giveUp(new DOMException('cancelled', 'AbortError'));
    signal?.addEventListener('abort', abort);
    ffmpeg.on('log', alive);
    ffmpeg.on('progress', alive);
    alive();
    try {
      signal?.throwIfAborted();
      return await Promise.race([work(), given]);
    } catch (error) {
      close();
      if (isAbortError(error) || error instanceof CoreLost) throw error;
      throw new CoreLost('trapped', { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      ffmpeg.off('log', alive);
      ffmpeg.off('progress', alive);
    }
  }

  async function start(signal: AbortSignal | undefined): Promise<FFmpeg> {
    try {
      await fetchCore();
    } catch (cause) {
      throw new AppError('decode-failed', 'the decoder could not be loaded', {}, { cause });
    }
    signal?.throwIfAborted();
    const ffmpeg = new FFmpeg();
    core = ffmpeg;
    await guarded(ffmpeg, signal, async () => {
      await ffmpeg.load({ coreURL: absolute(coreUrl), wasmURL: absolute(wasmUrl) });
      await ffmpeg.createDir('/in');
    });
    return ffmpeg;
  }

  async function unmount(): Promise<void> {
    const ffmpeg = core;
    if (!mounted || !ffmpeg) return;
    mounted = false;
    await ffmpeg.unmount('/in').catch(close);
  }

  function session(file: Blob | undefined, signal: AbortSignal | undefined): FfmpegSession {
    async function ready(): Promise<FFmpeg> {
      if (commands >= commandsPerCore) close();
      const ffmpeg = core ?? (await start(signal));
      if (file && !mounted) {
        // FFFSType is an enum that the package declares but does not export as a value.
        const mount = () => ffmpeg.mount('WORKERFS' as never, { blobs: [{ name: 'media', data: file }] }, '/in');
        await guarded(ffmpeg, signal, mount);
        mounted = true;
      }
      return ffmpeg;
    }

    async function attempt(kind: 'exec' | 'ffprobe', args: readonly string[], listeners: FfmpegListeners = {}) {
      const ffmpeg = await ready();
      commands++;
      const log: string[] = [];
      const output: string[] = [];
      const listen = ({ type, message }: LogEvent) => {
        // The core says this at the end of every command, good or bad.
        if (message === 'Aborted()') return;
        if (type === 'stdout') output.push(message);
        else if (log.push(message) > keptLines) log.shift();
        listeners.onLine?.(message);
      };
      const advance = ({ progress }: ProgressEvent) => {
        if (progress >= 0 && progress <= 1) listeners.onFraction?.(progress);
      };
      ffmpeg.on('log', listen);
      ffmpeg.on('progress', advance);
      try {
        const code = await guarded(ffmpeg, signal, () => ffmpeg[kind]([...args]));
        return { code, log, output };
      } finally {
        ffmpeg.off('log', listen);
        ffmpeg.off('progress', advance);
      }
    }

    async function twice(kind: 'exec' | 'ffprobe', args: readonly string[], listeners: FfmpegListeners = {}) {
      try {
        return await attempt(kind, args, listeners);
      } catch (error) {
        if (!(error instanceof CoreLost)) throw error;
      }
      try {
        return await attempt(kind, args, listeners);
      } catch (error) {
        if (!(error instanceof CoreLost)) throw error;
        const code = error.reason === 'stalled' ? 'decode-stalled' : 'decode-failed';
        throw new AppError(code, error.message, {}, { cause: error });
      }
    }

    return {
      run: (args, listeners) => twice('exec', args, listeners),
      probe: (args) => twice('ffprobe', args),
      async take(path) {
        const ffmpeg = core;
        if (!ffmpeg) return undefined;
        try {
          const data = await ffmpeg.readFile(path);
          await ffmpeg.deleteFile(path);
          return data as Uint8Array;
        } catch {
          return undefined;
        }
      },
    };
  }

  return {
    close,
    use: (file, signal, work) =>
      queue(async () => {
        signal?.throwIfAborted();
        clearTimeout(idle);
        try {
          return await work(session(file, signal));
        } finally {
          await unmount();
          idle = setTimeout(close, idleAfter);
        }
      }),
  };
}
