import { expect, test } from 'vitest';
import type { DecoderName } from '../../core/media';
import type { FrameSampling } from '../../core/sampling';
import { decodingBytes } from './decoding-memory';
import { bytesPerCommand } from './limits';

const megabyte = 2 ** 20;
const eight: FrameSampling = { instants: { mode: 'uniform', frames: 8 }, width: 224, height: 224, fit: 'squeeze' };
const often: FrameSampling = { ...eight, instants: { mode: 'interval', seconds: 0.25 } };

function video(width: number, height: number, decoder: DecoderName, duration = 7200) {
  const facts = { codec: 'h264', rotation: 0, frameRate: 25, frameCount: undefined, hdr: false } as const;
  return { video: { ...facts, width, height }, duration, decoder };
}

test('what a file takes follows its pictures, not its duration', () => {
  const film = decodingBytes(video(3840, 2160, 'webcodecs'), [eight, often]);
  expect(film).toBe(decodingBytes(video(3840, 2160, 'webcodecs', 60), [eight, often]));
  expect(film / decodingBytes(video(1920, 1080, 'webcodecs'), [eight, often])).toBeGreaterThan(3);
  expect(film / megabyte).toBeGreaterThan(8 * 3840 * 2160 * 1.5e-6);
});

test('pictures of more than eight bits take twice as much', () => {
  const { video: facts, ...rest } = video(3840, 2160, 'webcodecs');
  const plain = decodingBytes({ video: facts, ...rest }, []);
  expect(decodingBytes({ video: { ...facts, hdr: true }, ...rest }, [])).toBe(2 * plain);
});

test('frames that ffmpeg leaves behind count as far as one command may', () => {
  const some = 8 * 224 * 224 * 3;
  const pictures = decodingBytes(video(320, 240, 'ffmpeg'), []);
  expect(decodingBytes(video(320, 240, 'ffmpeg'), [eight])).toBe(pictures + some);
  expect(decodingBytes(video(320, 240, 'ffmpeg'), [often])).toBe(pictures + bytesPerCommand);
  expect(decodingBytes({ ...video(320, 240, 'ffmpeg'), duration: undefined }, [eight])).toBe(
    pictures + bytesPerCommand,
  );
});

test('sound alone takes what ffmpeg may leave behind, or next to nothing', () => {
  expect(decodingBytes({ video: undefined, duration: 7200, decoder: 'ffmpeg' }, [])).toBe(bytesPerCommand);
  expect(decodingBytes({ video: undefined, duration: 7200, decoder: 'webcodecs' }, [])).toBe(0);
});
