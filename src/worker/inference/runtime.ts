import type { Backend } from './device';
import type { Runtime } from './network';

/** ONNX Runtime in the browser, its files served by this app. The build for WebGPU also runs on WASM, but twice as much is
 * to be loaded and compiled, so that the processor alone has its own. */
export async function createRuntime(backend: Backend, threads: number): Promise<Runtime> {
  const { ort, files } = await (backend === 'webgpu' ? import('./onnxruntime-webgpu') : import('./onnxruntime-wasm'));
  const { env, InferenceSession, Tensor } = ort;
  env.wasm.wasmPaths = {
    mjs: new URL(files.mjs, import.meta.url).href,
    wasm: new URL(files.wasm, import.meta.url).href,
  };
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
  return {
    open: (model, backend) => InferenceSession.create(model, { executionProviders: [backend], logSeverityLevel: 3 }),
    tensor: (data, dims) =>
      data instanceof Float32Array
        ? new Tensor('float32', data, dims)
        : data instanceof Int32Array
          ? new Tensor('int32', data, dims)
          : new Tensor('int64', data, dims),
  };
}
