import modulePath from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmPath from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import type { Runtime } from './network';

/** ONNX Runtime in the browser, its files served by this app. The `/webgpu` build also runs on WASM; the default
 * import is the old WebGPU backend, with known wrong results (microsoft/onnxruntime#32357). */
export function createRuntime(threads: number): Runtime {
  env.wasm.wasmPaths = {
    mjs: new URL(modulePath, import.meta.url).href,
    wasm: new URL(wasmPath, import.meta.url).href,
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
