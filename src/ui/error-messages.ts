import type { ErrorCode, ErrorDetails, ErrorRecord } from '../core/errors';

/** What happened, and what the person can do about it. */
export type ErrorWords = { readonly what: string; readonly todo: string };

const say = (what: string, todo: string) => (): ErrorWords => ({ what, todo });

/** ` (before 1 after)` where the fact is known, else nothing. */
const fact = (details: ErrorDetails, key: string, before = '', after = ''): string =>
  details[key] === undefined || details[key] === '' ? '' : ` ${before}${details[key]}${after}`;

export const errorMessages: Record<ErrorCode, (details: ErrorDetails) => ErrorWords> = {
  'file-empty': say('The file is empty: 0 bytes.', 'Copy it again from where it came from, or remove it.'),
  'file-unreadable': say(
    'The file cannot be read: it was moved, deleted, changed or locked since it was added.',
    'Put it back or add it again, then press Retry.',
  ),
  'file-changed': say(
    'The file was changed since it was added: it holds another video now.',
    'Add the file again, and remove the video that it held before from the library.',
  ),
  'file-not-media': say(
    'This is not a video: its content is of no known video format, whatever its name says.',
    'Remove it from the library, or replace it by the video itself.',
  ),
  'file-truncated': (details) => ({
    what: `The file is cut short${fact(details, 'bytes', 'after ', ' bytes')}: the part that lists its frames is missing.`,
    todo: 'Copy or download it again completely, then press Retry.',
  }),
  'no-video-track': say(
    'The file holds neither pictures nor sound that can be read.',
    'Press Retry, or remove it from the library.',
  ),
  'codec-unsupported': (details) => ({
    what: `Neither this browser nor the built-in decoder can decode this video${fact(details, 'codec', '(', ')')}.`,
    todo: 'Convert it to H.264, VP9 or AV1, and add the result.',
  }),
  'frame-too-large': ({ width, height, limit }) => ({
    what:
      width && height
        ? `The picture is ${width} × ${height} pixels; at most ${limit ?? 8192} a side can be decoded.`
        : 'The picture is too large to be decoded here.',
    todo: 'Make a smaller copy, and add that.',
  }),
  'decode-failed': say(
    'The file cannot be decoded: its content is damaged, or written in a way that the decoder does not know.',
    'Check that it plays elsewhere. Copy it again and press Retry, or convert it to H.264.',
  ),
  'decode-stalled': say(
    'Decoding came to a standstill and was stopped.',
    'Press Retry. If it stops again, convert the file to H.264.',
  ),
  'no-frames': say(
    'The video holds no frame that can be shown.',
    'Copy it again from where it came from, or remove it.',
  ),
  'sound-only': say(
    'The file has only sound, and this descriptor looks at pictures.',
    'Switch on a descriptor of sound under Settings, then press Retry. To search by sound, choose such a descriptor.',
  ),
  'no-sound': say(
    'The video has no sound, and this descriptor only listens.',
    'Choose a descriptor that looks at pictures.',
  ),
  'sound-unreadable': (details) => ({
    what: `The sound cannot be decoded${fact(details, 'codec', '(', ')')}: it is damaged, or written in a way that neither decoder knows.`,
    todo: 'Check that it can be heard elsewhere. Convert it to AAC, Opus or MP3, and add the result.',
  }),
  'image-unreadable': say(
    'The picture cannot be read: it is damaged, or of a format that this browser does not show.',
    'Save it as JPEG or PNG, and try again.',
  ),
  'model-missing': (details) => ({
    what: `The model file${fact(details, 'file')} is not there yet.`,
    todo: 'Download or add it under Settings. What needs no network, such as colour, works without it.',
  }),
  'model-invalid': ({ reason }) => ({
    what: `This file cannot be used here: ${reason ?? 'it is no complete ONNX network'}.`,
    todo: 'Choose a complete export in one file, or download the published one under Settings.',
  }),
  'model-operator-unsupported': (details) => ({
    what: `The network needs an operator that the browser's runtime lacks${fact(details, 'operator', '(', ')')}.`,
    todo: 'Choose another export of the network (float32, without quantised casts), or download the published file.',
  }),
  'model-output-unsupported': (details) => ({
    what: `The network does not give the${fact(details, 'dimensions')} features that are needed${fact(details, 'outputs', '(its outputs: ', ')')}.`,
    todo: 'Choose an export that outputs the features before the classification layer.',
  }),
  'copy-not-made': ({ why }) => ({
    what: `No 8-bit copy of this network was made: ${why ?? 'it cannot be read'}.`,
    todo: 'The network itself stays in use.',
  }),
  'model-hash-mismatch': say(
    'The downloaded file is not the published one: its checksum differs. It was thrown away.',
    'Try again later, or add a model file of your own under Settings.',
  ),
  'model-incomplete': say(
    'The download of the model broke off.',
    'Check the connection and press Download again; it goes on where it stopped, if the server allows it.',
  ),
  'model-download-failed': (details) => ({
    what: `The model could not be downloaded${fact(details, 'status', '(the server answered ', ')')}.`,
    todo: 'Check the connection and try again, or add the model file by hand under Settings.',
  }),
  'inference-failed': say(
    'The network failed while it ran, mostly for lack of memory.',
    'Close other tabs and press Retry; or choose WASM under Settings.',
  ),
  'storage-full': say(
    'There is no room left for the library in this browser.',
    'Free playback copies under Settings, delete videos here, or free space on the disk; then press Resume. Nothing stored is lost.',
  ),
  'storage-unavailable': say(
    'This browser does not let the app store anything now.',
    'Leave private browsing, allow site data, or close other tabs of this app, then reload.',
  ),
  'video-missing': say('This video is no longer in the library.', 'Add it again, or choose another one.'),
  'features-missing': say(
    'No video of the library has been described in this way yet.',
    'Index the library with this descriptor first.',
  ),
  'part-empty': say(
    'Nothing is known of this part of the clip: no stored moment lies in it, and its file is not at hand to read it again.',
    'Choose a longer part, or add the file again.',
  ),
  'spaces-differ': say(
    'The query and the library were described by different models or settings, so they cannot be compared.',
    'Choose another descriptor, or index the library again with the present model.',
  ),
  'import-invalid': say(
    'The features file was not imported: it is not what it should be. Nothing was changed.',
    'Choose an .npz file with `features` and `video_paths`, as "Export features" writes it.',
  ),
  'proxy-failed': say(
    'No playable copy of this video could be made.',
    'Play the file in another program; searching it still works.',
  ),
  'evaluation-empty': ({ reason }) => ({
    what: `There is nothing to evaluate${reason ? `: ${reason}` : ''}.`,
    todo: 'Add labels, index more videos, or choose another protocol.',
  }),
  'library-too-large': (details) => ({
    what: `The vectors of this descriptor do not fit into the memory for them${fact(details, 'megabytes', '(', ' MB')}${fact(details, 'allowed', 'of ', ' MB allowed)')}.`,
    todo: details.compact
      ? `Allow more under Settings, Storage, or search them compactly, in ${details.compact} MB: the best matches are still compared in full.`
      : 'Allow more under Settings, Storage, or close other tabs. Of a library this large, export the vectors and search them by FAISS: the README says how.',
  }),
  'evaluation-too-large': (details) => ({
    what: `This needs more memory than a page may take${fact(details, 'megabytes', '(', ' MB)')}.`,
    todo: 'Choose the scorer "ranked", or evaluate fewer videos.',
  }),
  'report-invalid': ({ path, reason, line }) => ({
    what: `The file is no sound evaluation report${path ? `: ${line ? `line ${line}: ` : ''}${path} ${reason}` : reason ? `: ${reason}` : ''}.`,
    todo: 'Open the file as it was exported. What you have here was not changed.',
  }),
  'report-missing': say('This report is no longer kept here.', 'Open its JSON file, or run the evaluation again.'),
  'training-impossible': ({ reason }) => ({
    what: `There is nothing to learn from${reason ? `: ${reason}` : ''}.`,
    todo: 'Label more videos, index them with this descriptor, or choose another split.',
  }),
  'training-diverged': (details) => ({
    what: `Training went astray${fact(details, 'epoch', 'in epoch ')}: the loss is no longer a number.`,
    todo: 'Lower the learning rate, or choose "standardised" features.',
  }),
  'training-unsound': say(
    'This browser computes wrong products in its background threads, so nothing was trained.',
    'Reload the page. If it happens again, use another browser, or the head "nearest neighbours".',
  ),
  'checkpoint-stale': say(
    'The videos, labels or files are not those of the training that was interrupted, so it cannot go on.',
    'Train again from the start.',
  ),
  'training-elsewhere': say(
    'Another tab of this app is training now, perhaps what was interrupted.',
    'Look there; or wait until it has ended, and resume then.',
  ),
  'features-file-invalid': ({ file, reason }) => ({
    what: `The features file${file ? ` ${file}` : ''} cannot be used: ${reason ?? 'it is not what it should be'}.`,
    todo: 'Mend the file, or choose another one. Nothing was changed.',
  }),
  'head-missing': say('This trained head is no longer kept here.', 'Choose another one, or train again.'),
  'map-impossible': ({ reason }) => ({
    what: `No map can be drawn${reason ? `: ${reason}` : ''}.`,
    todo: 'Index more videos with these descriptors, or choose others.',
  }),
  'unusual-impossible': ({ reason }) => ({
    what: `There is nothing to compare${reason ? `: ${reason}` : ''}.`,
    todo: 'Choose more normal videos, or another descriptor.',
  }),
  'head-invalid': ({ reason }) => ({
    what: `The head was not imported${reason ? `: ${reason}` : ''}. Nothing was changed.`,
    todo: 'Choose an .onnx or .npz file as "Export ONNX" and "Export .npz" write them here.',
  }),
  'capture-refused': ({ source }) => ({
    what:
      source === 'screen'
        ? 'Nothing was chosen to be shared, or this browser may not record the screen.'
        : 'The browser was not allowed to use the camera or the microphone.',
    todo:
      source === 'screen'
        ? 'Press "Start live" again and choose a tab, a window or a screen.'
        : 'Allow both for this page, by the sign beside its address, and press "Start live" again; or untick "With sound", or choose a file.',
  }),
  'capture-missing': say(
    'No camera was found.',
    'Connect one and press "Start live" again, or choose the screen or a file as the source.',
  ),
  'capture-busy': say(
    'The camera cannot be read: another program is using it, or it was taken away.',
    'Close the other program and press "Start live" again.',
  ),
  'capture-unplayable': say(
    'The file does not play here, and no copy of it that plays could be made.',
    'Choose another file as the source.',
  ),
  'capture-unsupported': say(
    'This browser does not give camera or screen to this page.',
    'Open the page over https or on localhost, in a current browser; or choose a file as the source.',
  ),
  'classes-missing': say(
    'The model file in use gives no classes of its own, only features.',
    'Train a head on its features and open it below, or add an export with class scores under Settings.',
  ),
  'out-of-memory': say(
    'This needs more memory than the browser has left for it.',
    'Close other tabs and try again. To train, take fewer examples, or fewer and smaller hidden layers.',
  ),
  'worker-stopped': say(
    'The background process stopped while it worked on this, mostly for lack of memory.',
    'Try again. If it stops again, close other tabs, or leave out very large files.',
  ),
  unforeseen: ({ reason }) => ({
    what: `Something went wrong that was not foreseen${reason ? `: ${reason}` : ''}.`,
    todo: 'Try again. If it happens again, reload the page: what is stored is kept.',
  }),
};

/** Words for a stored or caught failure. */
export function describeError({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): ErrorWords {
  return (errorMessages[code] ?? errorMessages['decode-failed'])(details);
}
