import { AutoModel, env, ImageProcessor, RawImage, type Tensor } from '@huggingface/transformers';
import modulePath from '../node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmPath from '../node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm?url';
import { serve } from '../src/protocol/comlink';

const side = 224;

type Opened = { readonly model: Awaited<ReturnType<typeof AutoModel.from_pretrained>>; readonly pixels: Uint8Array };
let opened: Opened | undefined;

const api = {
  /** Opens a ResNet-50 from its ONNX file; `pixels` holds RGB pictures [n x 224 x 224 x 3]. */
  async open({ network, pixels, threads }: { network: File; pixels: File; threads: number }): Promise<void> {
    const content: Record<string, BodyInit> = {
      'config.json': JSON.stringify({ model_type: 'resnet', architectures: ['ResNetModel'] }),
      'onnx/model.onnx': network,
    };
    env.useBrowserCache = false;
    env.useWasmCache = false;
    env.fetch = async (address: unknown) => {
      const body = Object.entries(content).find(([path]) => `${address}`.endsWith(path))?.[1];
      return body === undefined ? new Response(null, { status: 404 }) : new Response(body);
    };
    Object.assign(env.backends.onnx.wasm ?? {}, {
      numThreads: threads,
      wasmPaths: { mjs: new URL(modulePath, location.href).href, wasm: new URL(wasmPath, location.href).href },
    });
    const model = await AutoModel.from_pretrained('resnet50', { dtype: 'fp32', device: 'wasm' });
    opened = { model, pixels: new Uint8Array(await pixels.arrayBuffer()) };
  },

  /** From RGB bytes to vectors; seconds, and the first values of the first vector. */
  async run(): Promise<{ seconds: number; vector: number[] }> {
    if (!opened) throw new Error('No network is open');
    const { model, pixels } = opened;
    const size = side * side * 3;
    const started = performance.now();
    const processor = new ImageProcessor({
      do_resize: false,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
    } as never);
    const images = Array.from(
      { length: pixels.length / size },
      (_, i) => new RawImage(pixels.subarray(i * size, (i + 1) * size), side, side, 3),
    );
    const { pixel_values } = (await processor(images)) as { pixel_values: Tensor };
    const { sessions } = model as unknown as { sessions: { model: { inputNames: string[]; outputNames: string[] } } };
    const [input = ''] = sessions.model.inputNames;
    const outputs = (await model({ [input]: pixel_values })) as Record<string, Tensor>;
    const features = outputs.features ?? outputs[sessions.model.outputNames[0] ?? ''];
    const vector = [...((features?.data as Float32Array | undefined)?.slice(0, 2048) ?? [])];
    return { seconds: (performance.now() - started) / 1000, vector };
  },
};

/** transformers.js in a worker of its own, as a peer of the app's inference. */
export type TransformersApi = typeof api;

serve(api);
