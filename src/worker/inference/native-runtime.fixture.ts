import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Runtime } from './network';

/** ONNX Runtime's native build, for tests. */
export const nativeRuntime: Runtime = {
  open: (model) => InferenceSession.create(model, { logSeverityLevel: 4 }) as ReturnType<Runtime['open']>,
  tensor: (data, dims) => tensorOf(data, dims) as ReturnType<Runtime['tensor']>,
};
function tensorOf(data: Parameters<Runtime['tensor']>[0], dims: readonly number[]): Tensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  return data instanceof Int32Array ? new Tensor('int32', data, dims) : new Tensor('int64', data, dims);
}
