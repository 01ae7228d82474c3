import { similarity } from '../src/core/similarity/similarity';
import { resnet50 } from '../src/extractors/resnet50';
import { serve } from '../src/protocol/comlink';
import { chooseDevice } from '../src/worker/inference/device';
import { inHalfFloats } from '../src/worker/inference/half-floats';
import { openNetwork } from '../src/worker/inference/network';
import { createRuntime } from '../src/worker/inference/runtime';
import { testItems } from '../src/worker/inference/self-test';

/** How a network runs on the card: as its file has it, or in 16-bit floats. */
export type Form = 'floats' | 'half';
type Runner = (items: Float32Array) => Promise<Float32Array>;

const batch = 16;
const wish = { accepts: ['picture'], dimensions: resnet50.dimensions } as const;
const runners = new Map<Form, Runner>();
const vectors = new Map<Form, Float32Array>();
let items: Float32Array = new Float32Array();

const api = {
  /** Opens the network in the forms the card has; the reason where there is no card. */
  async open({ file }: { file: File }): Promise<{ adapter: string; forms: readonly Form[] } | string> {
    const device = await chooseDevice('auto', navigator);
    if (device.backend !== 'webgpu') return device.fallback ?? 'there is no graphics card';
    const content = new Uint8Array(await file.arrayBuffer());
    const runtime = await createRuntime('webgpu', 1);
    const network = await openNetwork(runtime, content, 'webgpu', wish);
    items = testItems('picture', batch, network.itemLength);
    runners.set('floats', async (pictures) => (await network.run(pictures, batch)).features);
    const half = device.halfFloats && (await inHalfFloats(runtime, content));
    if (half) {
      const halved = await openNetwork(runtime, half, 'webgpu', wish);
      runners.set('half', async (pictures) => (await halved.run(pictures, batch)).features);
    }
    return { adapter: device.adapter ?? '', forms: [...runners.keys()] };
  },

  /** Seconds a picture, its normalised values in and its vector out; the vector's cosine to that of 32-bit floats. */
  async run({ form }: { form: Form }): Promise<{ seconds: number; similarity: number }> {
    const runner = runners.get(form);
    if (!runner) throw new Error(`The network is not open as ${form}`);
    const started = performance.now();
    const features = await runner(items);
    const seconds = (performance.now() - started) / 1000 / batch;
    vectors.set(form, features);
    return { seconds, similarity: similarity('cosine', features, vectors.get('floats') ?? features) };
  },

  peak: measurePeak,
};

const groups = 4096;
const lanes = 256;
/** `GPUBufferUsage.STORAGE`, which TypeScript's library lacks. */
const storage = 0x80;
/** Products and sums of one thread and round: 16 times 4 values, each multiplied and added to. */
const operations = 16 * 4 * 2;

/** 32-bit operations a second that the card reaches by products and sums on registers alone. */
async function measurePeak(): Promise<number> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error('There is no graphics card');
  const names = Array.from({ length: 8 }, (_, i) => `v${i}`);
  const code = `
    @group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
    override rounds: u32;
    @compute @workgroup_size(${lanes}) fn main(@builtin(global_invocation_id) id: vec3u) {
      let a = vec4f(f32(id.x & 7u) * 1e-7 + 0.999);
      let b = vec4f(1e-3);
      ${names.map((name, i) => `var ${name} = vec4f(${i}.5);`).join(' ')}
      for (var i = 0u; i < rounds; i++) {
        ${[...names, ...names].map((name) => `${name} = fma(${name}, a, b);`).join(' ')}
      }
      let sum = ${names.join(' + ')};
      // Never so, and the compiler does not know.
      if (sum.x == 12345.678) { result[id.x] = sum; }
    }`;
  const result = device.createBuffer({ size: 16 * groups * lanes, usage: storage });
  const module = device.createShaderModule({ code });
  const run = async (rounds: number): Promise<number> => {
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, constants: { rounds } },
    });
    const entries = [{ binding: 0, resource: { buffer: result } }];
    const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    let best = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 4; time++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(groups);
      pass.end();
      const started = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    return best;
  };
  // Long enough that starting and ending it do not count, short enough for any driver's patience.
  let rounds = 16;
  let seconds = await run(rounds);
  while (seconds < 0.1 && rounds < 2 ** 20) {
    rounds *= 2;
    seconds = await run(rounds);
  }
  device.destroy();
  return (groups * lanes * rounds * operations) / seconds;
}

/** A network on a graphics card, and what the card can do at most. */
export type GraphicsApi = typeof api;

serve(api);
