import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { native, nativeMissing } from '../../../e2e/fixtures/native-ffmpeg';
import outcomes from '../../../e2e/fixtures/stress.json' with { type: 'json' };
import { type ProbedFile, readProbe } from './ffmpeg-probe';

// The table of expected outcomes is what the app is held to in Chromium; here native ffprobe and ffmpeg must agree with it.
const folder = new URL('../../../../shared/videos/stress/', import.meta.url);
const missing = existsSync(folder) ? nativeMissing : 'the folder ../shared/videos/stress is not there';
type Outcome = { outcome: string; codec?: string; width?: number; height?: number };

it.skipIf(missing)('the table lists every file of the folder', () => {
  expect(Object.keys(outcomes).sort()).toEqual(readdirSync(folder).sort());
});

it.skipIf(missing).each(Object.entries<Outcome>(outcomes))('%s', (name, { outcome, ...facts }) => {
  const path = decodeURIComponent(new URL(encodeURIComponent(name), folder).pathname);
  const probe = (): ProbedFile =>
    JSON.parse(
      native('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path]).output.toString(),
    );
  if (outcome === 'file-empty' || outcome === 'file-not-media' || outcome === 'file-truncated') {
    expect(probe).toThrow();
    return;
  }
  const { codec, width, height } = facts;
  if (outcome === 'sound') {
    expect(readProbe(probe()).probe).toMatchObject({ video: undefined, audio: { codec } });
    return;
  }
  expect(readProbe(probe()).probe.video).toMatchObject({ codec, width, height });
  const { output } = native('ffmpeg', [
    '-v',
    'fatal',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-frames:v',
    '1',
    '-s',
    '8x8',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ]);
  expect(output.length).toBe(8 * 8 * 3);
});
