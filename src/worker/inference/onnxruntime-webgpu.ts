import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';

// The default import is the old WebGPU backend, with known wrong results (microsoft/onnxruntime#32357).
export * as ort from 'onnxruntime-web/webgpu';
export const files = { mjs, wasm };
