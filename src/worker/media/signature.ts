/** What the first bytes of a file say it is. `isobmff` is mp4, mov and their kin. `text` is no media at all: every
 * format that is decoded here has other bytes than letters at its start. */
export type Signature = 'image' | 'gif' | 'avi' | 'isobmff' | 'text' | 'other';

/** How many first bytes {@link sniff} looks at. */
export const signatureBytes = 64;

const stillBrands = new Set(['avif', 'avis']);
const movieBoxes = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']);

/** Recognises a file by its first bytes; its name is never asked, as it may lie. */
export function sniff(head: Uint8Array): Signature {
  const text = String.fromCharCode(...head.subarray(0, signatureBytes));
  if (text.startsWith('\x89PNG\r\n\x1a\n') || text.startsWith('\xff\xd8\xff')) return 'image';
  if (text.startsWith('BM') && text.slice(6, 10) === '\0\0\0\0' && text.length > 26) return 'image';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image';
  if (text.startsWith('RIFF') && text.slice(8, 11) === 'AVI') return 'avi';
  const box = text.slice(4, 8);
  if (box === 'ftyp' && stillBrands.has(text.slice(8, 12))) return 'image';
  if (movieBoxes.has(box)) return 'isobmff';
  return /^[\t\n\f\r -~]+$/.test(text) ? 'text' : 'other';
}

/** Name of a still image's format, for its facts. */
export function imageCodec(head: Uint8Array): string {
  if (head[0] === 0x89) return 'png';
  if (head[0] === 0xff) return 'jpeg';
  if (head[0] === 0x42) return 'bmp';
  return head[0] === 0x52 ? 'webp' : 'avif';
}
