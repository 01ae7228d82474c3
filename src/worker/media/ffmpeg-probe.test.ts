import { expect, it } from 'vitest';
import { type ProbedFile, readProbe } from './ffmpeg-probe';

const video = { index: 0, codec_type: 'video', codec_name: 'mpeg4', width: 320, height: 240, avg_frame_rate: '25/1' };
const file = (stream: object, more: object = {}): ProbedFile => ({
  format: { format_name: 'avi', duration: '4.000000', start_time: '0.000000', ...more },
  streams: [{ ...video, ...stream }],
});

it('reads what ffprobe says', () => {
  const { probe, stream } = readProbe(file({ nb_frames: '100', sample_aspect_ratio: '1:1' }));
  expect(probe).toMatchObject({
    container: 'avi',
    duration: 4,
    video: { codec: 'mpeg4', width: 320, height: 240, rotation: 0, frameRate: 25, frameCount: 100, hdr: false },
    decoder: 'ffmpeg',
    playable: false,
  });
  expect(stream).toMatchObject({ index: 0, startTime: 0, duration: 4, frameDuration: 0.04 });
});

it('obeys rotation and the shape of pixels', () => {
  const turned = readProbe(file({ side_data_list: [{ rotation: -90 }], sample_aspect_ratio: '2:1' }));
  expect(turned.probe.video).toMatchObject({ rotation: 90, width: 240, height: 640 });
  expect(readProbe(file({ side_data_list: [{ rotation: 90 }] })).probe.video?.rotation).toBe(270);
  expect(readProbe(file({ sample_aspect_ratio: '0:1' })).probe.video).toMatchObject({ width: 320, height: 240 });
});

it('takes the duration of the track before that of the file', () => {
  expect(readProbe(file({ tags: { DURATION: '00:01:03.500000000' } })).probe.duration).toBe(63.5);
  expect(readProbe(file({ duration: '3.5' })).probe.duration).toBe(3.5);
  expect(readProbe(file({ nb_frames: '50' }, { duration: 'N/A' })).stream?.duration).toBe(2);
  expect(readProbe(file({}, { duration: undefined })).stream?.duration).toBe(0);
});

it.each([
  ['no-video-track', { codec_type: 'data' }],
  ['no-video-track', { disposition: { attached_pic: 1 } }],
  ['codec-unsupported', { codec_name: 'unknown' }],
  ['codec-unsupported', { width: 0 }],
  ['frame-too-large', { width: 8193 }],
])('says %s', (code, stream) => {
  expect(() => readProbe(file(stream))).toThrowError(expect.objectContaining({ code }));
});
