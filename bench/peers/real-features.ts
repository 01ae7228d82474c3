import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTools } from '../../scripts/ensure-tools.mjs';
import { uniformFrameIndices } from '../../src/core/sampling';
import { resnet50 } from '../../src/extractors/resnet50';
import { decodeNatively } from './native-ffmpeg';
import { openNativeNetwork, resnetFile } from './native-network';

const videos = join(import.meta.dirname, '../../../shared/videos/ucf101');
const folder = join(import.meta.dirname, '../../.cache/bench-clips');
const { width: side, fit, instants } = resnet50.sampling;
const samples = instants.mode === 'uniform' ? instants.frames : 0;
/** Frames that every clip has. */
const shortest = 50;

/** ResNet-50 vectors of the frames of the real clips, float32 [frames x 2048], made once by native ffmpeg and ONNX Runtime;
 * the file's path, or the reason in words where there are none. */
export async function realFeatures(): Promise<{ path: string } | string> {
  const model = resnetFile();
  if (!existsSync(videos)) return 'the clips of ../shared/videos/ucf101 are not beside the checkout';
  if (!model) return 'public/models/resnet50.onnx is missing';
  const path = join(folder, `frame-vectors-${samples}-${fit}-${statSync(model).size}.f32`);
  if (existsSync(path)) return { path };
  if (!(await ensureTools()).ffmpeg) return 'native ffmpeg is not installed';
  const network = await openNativeNetwork(model, 2);
  const vectors: Float32Array[] = [];
  for (const name of readdirSync(videos, { recursive: true }).map(String).sort()) {
    if (!name.endsWith('.avi')) continue;
    const frames = [...uniformFrameIndices(shortest, samples)];
    const { pixels } = decodeNatively(join(videos, name), { side, fit, size: [320, 240], frames });
    vectors.push(await network(pixels, pixels.length / (side * side * 3)));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.unfinished`, Buffer.concat(vectors.map(({ buffer }) => new Uint8Array(buffer))));
  renameSync(`${path}.unfinished`, path);
  return { path };
}
