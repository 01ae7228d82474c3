import { AppError, type ErrorCode, isAbortError } from '../../core/errors';
import { openSoundTap, type SoundTap } from './sound-tap';

export type LiveSource = 'camera' | 'screen' | 'file';

/** A running camera, screen or file. Whoever opened it closes it. */
export type Capture = {
  /** Plays; to be put on the page by whoever shows it. Absent where there is only sound. */
  readonly video: HTMLVideoElement | undefined;
  readonly sound: SoundTap | undefined;
  /** What was asked for and is not there, in plain words. */
  readonly notes: readonly string[];
  /** Lets go of camera, microphone and file: their lights go out. */
  close(): void;
};

type Wish = {
  readonly source: LiveSource;
  readonly sound: boolean;
  /** For the source `file`. */
  readonly file: File | undefined;
  /** Makes a file that the browser cannot play into one that it can. */
  readonly makeProxy: (file: File) => Promise<Blob>;
  readonly onEnded: () => void;
};

/** Asks for permission where that is needed, and begins. Errors: `capture-refused`, `capture-missing`, `capture-busy`,
 * `capture-unsupported`, `capture-unplayable`. */
export async function openCapture(wish: Wish): Promise<Capture> {
  return wish.source === 'file' ? openFile(wish) : openStream(wish);
}

async function openStream({ source, sound, onEnded }: Wish): Promise<Capture> {
  const { stream, notes } = source === 'screen' ? await askForScreen(sound) : await askForCamera(sound);
  const tracks = stream.getTracks();
  for (const track of tracks) track.addEventListener('ended', onEnded);
  const close = () => {
    for (const track of tracks) {
      track.removeEventListener('ended', onEnded);
      track.stop();
    }
  };
  try {
    const video = stream.getVideoTracks().length > 0 ? createVideo() : undefined;
    if (video) {
      video.muted = true;
      video.srcObject = stream;
      await video.play();
    }
    const audible = stream.getAudioTracks().length > 0;
    const tap = audible ? await openSoundTap(new MediaStream(stream.getAudioTracks())) : undefined;
    if (sound && !audible && source === 'screen') notes.push('What is shared has no sound.');
    return {
      video,
      sound: tap,
      notes,
      close() {
        close();
        tap?.close();
        if (video) video.srcObject = null;
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

type Asked = { readonly stream: MediaStream; readonly notes: string[] };

function devices(): MediaDevices {
  // Absent on pages that came without TLS.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) throw new AppError('capture-unsupported', 'navigator.mediaDevices is absent');
  return mediaDevices;
}

/** As it is: what makes speech clear takes other sounds away. */
const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** What is said where the camera opens once the microphone is no longer asked for. */
const silent: Readonly<Record<string, string>> = {
  NotFoundError: 'No microphone was found.',
  NotAllowedError:
    'The microphone was not allowed, so nothing is heard. Allow it by the sign beside the page’s address.',
  NotReadableError: 'The microphone cannot be read: another program is using it. Nothing is heard.',
};

async function askForCamera(sound: boolean): Promise<Asked> {
  const video = { width: { ideal: 640 }, height: { ideal: 480 } };
  const ask = (wish: MediaStreamConstraints) => devices().getUserMedia(wish);
  let failed: unknown;
  try {
    return { stream: await ask({ video, audio: sound && audio }), notes: [] };
  } catch (error) {
    failed = error;
  }
  const note = sound ? silent[nameOf(failed)] : undefined;
  if (note === undefined) throw captureError(failed, 'camera');
  // One of the two is not to be had: the other will do.
  try {
    return { stream: await ask({ video }), notes: [note] };
  } catch (error) {
    if (nameOf(error) !== 'NotFoundError' || nameOf(failed) !== 'NotFoundError') throw captureError(error, 'camera');
  }
  try {
    return { stream: await ask({ audio }), notes: ['No camera was found.'] };
  } catch (error) {
    throw captureError(error, 'camera');
  }
}

async function askForScreen(sound: boolean): Promise<Asked> {
  try {
    const media = devices();
    if (!('getDisplayMedia' in media)) throw new AppError('capture-unsupported', 'there is no getDisplayMedia');
    return { stream: await media.getDisplayMedia({ video: true, audio: sound }), notes: [] };
  } catch (error) {
    throw captureError(error, 'screen');
  }
}

const codes: Readonly<Record<string, ErrorCode>> = {
  NotAllowedError: 'capture-refused',
  SecurityError: 'capture-refused',
  NotFoundError: 'capture-missing',
  OverconstrainedError: 'capture-missing',
  NotReadableError: 'capture-busy',
  AbortError: 'capture-busy',
  TypeError: 'capture-unsupported',
};

function captureError(error: unknown, source: LiveSource): unknown {
  const code = codes[nameOf(error)];
  if (error instanceof AppError || !code) return error;
  return new AppError(code, `The ${source} was not opened: ${(error as Error).message}`, { source }, { cause: error });
}

function unplayable(error: unknown): never {
  if (isAbortError(error)) throw error;
  throw new AppError('capture-unplayable', 'The file does not play', {}, { cause: error });
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '');

async function openFile({ file, sound, makeProxy, onEnded }: Wish): Promise<Capture> {
  if (!file) throw new AppError('file-unreadable', 'no file was chosen');
  const video = createVideo();
  const play = async (content: Blob) => {
    video.src = URL.createObjectURL(content);
    await video.play();
  };
  const release = () => {
    video.pause();
    URL.revokeObjectURL(video.src);
    video.removeAttribute('src');
    video.load();
  };
  const notes: string[] = [];
  try {
    await play(file).catch(async (error: unknown) => {
      if (nameOf(error) !== 'NotSupportedError') throw error;
      URL.revokeObjectURL(video.src);
      await play(await makeProxy(file).catch(unplayable));
      notes.push('The browser does not play this file as it is: a copy was made that it plays.');
    });
    video.addEventListener('ended', onEnded);
    const tap = sound ? await openSoundTap(video) : undefined;
    return {
      video,
      sound: tap,
      notes,
      close() {
        video.removeEventListener('ended', onEnded);
        release();
        tap?.close();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.playsInline = true;
  return video;
}

/** The next frame that the element shows, and when it was taken (as `performance.now`). Nothing comes of a tab that is
 * not seen, nor of an element that has stopped. */
export function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const handle = video.requestVideoFrameCallback((now, { captureTime }) => {
      signal.removeEventListener('abort', cancel);
      resolve(captureTime ?? now);
    });
    const cancel = () => {
      video.cancelVideoFrameCallback(handle);
      reject(signal.reason);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
  });
}
