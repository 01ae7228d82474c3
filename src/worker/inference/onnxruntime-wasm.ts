import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

export * as ort from 'onnxruntime-web/wasm';
export const files = { mjs, wasm };
