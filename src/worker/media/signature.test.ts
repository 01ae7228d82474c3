import { expect, it } from 'vitest';
import { sniff } from './signature';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

it.each([
  ['\x89PNG\r\n\x1a\n', 'image'],
  ['\xff\xd8\xff\xe0', 'image'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'image'],
  ['RIFF\0\0\0\0AVI LIST', 'avi'],
  ['RIFF\0\0\0\0WAVEfmt ', 'other'],
  ['GIF89a', 'gif'],
  ['\0\0\0\x20ftypisom', 'isobmff'],
  ['\0\0\0\x20ftypavif', 'image'],
  ['\0\0\0\x08moov', 'isobmff'],
  ['hello, no video', 'text'],
  ['Notes\r\n\tand more', 'text'],
  ['FLV\x01\x05', 'other'],
  ['OggS\0\x02', 'other'],
  ['', 'other'],
])('%j is %s', (head, signature) => {
  expect(sniff(ascii(head))).toBe(signature);
});
