import { AppError } from '../../../core/errors';
import { type Constant, floatOutputs, readConstants } from '../float-constants';
import type { Runtime } from '../network';
import { newNode, type OnnxModel, type OnnxNode, readOnnx, rewired, writeOnnx } from '../onnx-model';
import { integer, tensor } from '../onnx-writer';
import { type Convolution, findQuantisable, floatAttribute, type Quantisable } from './quantisable';

/** The lowest and the highest value of a tensor. */
export type Range = readonly [lowest: number, highest: number];

/** Writes a copy of a network whose convolutions, the sums and the maximum poolings between them are computed in
 * 8 bits: bytes with one scale a tensor, weights with one a channel (Jacob et al. 2018, Krishnamoorthi 2018), in ONNX's
 * form of QuantizeLinear and DequantizeLinear around them. `measure` runs the network with the given outputs and gives
 * their ranges. Errors: `copy-not-made`. */
export async function quantiseNetwork(
  runtime: Runtime,
  file: Uint8Array,
  measure: (withOutputs: Uint8Array, tensors: readonly string[]) => Promise<ReadonlyMap<string, Range>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const model = atOpset13(readOnnx(file));
  const found = findQuantisable(model);
  if (found.convolutions.length === 0) throw notQuantisable('it has no convolutions after its first');
  const measured = [...found.measured];
  const ranges = await measure(writeOnnx({ ...model, outputs: floatOutputs(measured) }), measured);
  const constants = await readConstants(runtime, model, constantsOf(found.convolutions));
  return writeOnnx(quantised(model, found, ranges, constants));
}

/** Operators whose meaning is the same in opsets 11, 12 and 13. */
const unchanged = new Set(
  'Add AveragePool BatchNormalization Clip Concat Constant ConstantOfShape Conv DequantizeLinear Div Flatten Gather Gemm GlobalAveragePool Identity MatMul MaxPool Mul Pad QuantizeLinear Relu Reshape Shape Sigmoid Sub Transpose'.split(
    ' ',
  ),
);

/** Scales of each channel came with opset 13. */
function atOpset13(model: OnnxModel): OnnxModel {
  const version = model.operators.get('') ?? model.operators.get('ai.onnx') ?? 1;
  if (version >= 13) return model;
  const changed = model.nodes.find(({ type }) => !unchanged.has(type));
  if (version < 11 || changed) throw notQuantisable(`it is of opset ${version}, and 13 is needed`);
  return { ...model, operators: new Map(model.operators).set('', 13) };
}

export function notQuantisable(why: string): AppError {
  return new AppError('copy-not-made', `No 8-bit copy of this network can be made: ${why}.`, { why });
}

/** Names of weights, biases and normalisations. */
function constantsOf(convolutions: readonly Convolution[]): Set<string> {
  return new Set(
    convolutions.flatMap(({ weights, bias, normalisation }) => [
      weights,
      ...(bias === undefined ? [] : [bias]),
      ...(normalisation?.inputs.slice(1) ?? []),
    ]),
  );
}

type Steps = { readonly scale: number; readonly zero: number };

/** Bytes of zero are exact, since paddings are of it. */
function stepsOf([lowest, highest]: Range): Steps {
  const low = Math.min(0, lowest);
  const high = Math.max(0, highest, low + 1e-6);
  const scale = Math.fround((high - low) / 255);
  return { scale, zero: Math.round(-low / scale) };
}

function quantised(
  model: OnnxModel,
  { convolutions, measured, alike }: Quantisable,
  ranges: ReadonlyMap<string, Range>,
  constants: ReadonlyMap<string, Constant>,
): OnnxModel {
  const steps = new Map([...measured].map((name) => [name, stepsOf(ranges.get(name) as Range)]));
  for (const [name, other] of alike) steps.set(name, steps.get(other) as Steps);
  const nodes: OnnxNode[] = [];
  const initialisers = new Map(model.initialisers);
  const put = (name: string, dims: readonly number[], data: Parameters<typeof tensor>[2]): string => {
    initialisers.set(name, tensor(name, dims, data));
    return name;
  };
  const held = (name: string) => (steps.has(name) ? `${name}/held` : name);
  /** Rounds a tensor to bytes, and gives what reads it floats again. */
  const hold = (name: string) => {
    const own = steps.get(name);
    if (!own) return;
    const by = [put(`${name}/scale`, [], Float32Array.of(own.scale)), put(`${name}/zero`, [], Uint8Array.of(own.zero))];
    nodes.push(newNode('QuantizeLinear', [name, ...by], [`${name}/bytes`]));
    nodes.push(newNode('DequantizeLinear', [`${name}/bytes`, ...by], [held(name)]));
  };
  const byNode = new Map(convolutions.map((convolution) => [convolution.node, convolution]));
  const folded = new Set(convolutions.flatMap(({ normalisation }) => normalisation ?? []));
  for (const name of model.inputs.keys()) hold(name);
  for (const node of model.nodes) {
    if (folded.has(node)) continue;
    const convolution = byNode.get(node);
    if (!convolution) {
      nodes.push(rewired(node, node.inputs.map(held)));
      for (const name of node.outputs) hold(name);
      continue;
    }
    const { input, normalisation } = convolution;
    const { weights, bias, dims } = foldedWeights(convolution, constants);
    const channels = dims[0] as number;
    const { bytes, scales } = weightBytes(weights, channels);
    const { scale } = steps.get(input) as Steps;
    const biasScales = scales.map((own) => own * scale);
    const [result] = (normalisation ?? node).outputs as [string];
    const name = `${result}/weights`;
    const weightInputs = [
      put(`${name}/bytes`, dims, bytes),
      put(`${name}/scale`, [channels], scales),
      put(`${name}/zero`, [channels], new Int8Array(channels)),
    ];
    const biasInputs = [
      put(
        `${name}/bias`,
        [channels],
        Int32Array.from(bias, (value, i) => clamped(value / (biasScales[i] as number))),
      ),
      put(`${name}/bias/scale`, [channels], biasScales),
      put(`${name}/bias/zero`, [channels], new Int32Array(channels)),
    ];
    nodes.push(newNode('DequantizeLinear', weightInputs, [`${name}/held`], [integer('axis', 0)]));
    nodes.push(newNode('DequantizeLinear', biasInputs, [`${name}/bias/held`], [integer('axis', 0)]));
    nodes.push(rewired(node, [held(input), `${name}/held`, `${name}/bias/held`], [result]));
    hold(result);
  }
  return { ...model, nodes, initialisers };
}

function clamped(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value)));
}

/** Weights and bias of a convolution with the normalisation of its result in them. */
function foldedWeights(
  { weights, bias, normalisation }: Convolution,
  constants: ReadonlyMap<string, Constant>,
): { readonly weights: Float32Array; readonly bias: Float32Array; readonly dims: readonly number[] } {
  const { data, dims } = constants.get(weights) as Constant;
  const channels = dims[0] as number;
  const own = bias === undefined ? new Float32Array(channels) : (constants.get(bias) as Constant).data;
  if (!normalisation) return { weights: data, bias: own, dims };
  const [gain, offset, mean, variance] = normalisation.inputs
    .slice(1)
    .map((name) => (constants.get(name) as Constant).data) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const epsilon = floatAttribute(normalisation, 'epsilon', 1e-5);
  const factor = gain.map((value, i) => value / Math.sqrt((variance[i] as number) + epsilon));
  const each = data.length / channels;
  return {
    weights: data.map((value, i) => value * (factor[Math.floor(i / each)] as number)),
    bias: own.map((value, i) => (value - (mean[i] as number)) * (factor[i] as number) + (offset[i] as number)),
    dims,
  };
}

/** Whole numbers of each channel that its largest weight fills. */
function weightBytes(
  weights: Float32Array,
  channels: number,
): { readonly bytes: Int8Array; readonly scales: Float32Array } {
  const each = weights.length / channels;
  const scales = new Float32Array(channels);
  const bytes = new Int8Array(weights.length);
  for (let channel = 0; channel < channels; channel++) {
    let largest = 0;
    for (let i = channel * each; i < (channel + 1) * each; i++)
      largest = Math.max(largest, Math.abs(weights[i] as number));
    const scale = Math.fround(Math.max(largest, 1e-12) / 127);
    scales[channel] = scale;
    for (let i = channel * each; i < (channel + 1) * each; i++) bytes[i] = Math.round((weights[i] as number) / scale);
  }
  return { bytes, scales };
}
