import type { InputKind, ModelEntry, ModelInput } from '../../extractors/extractor';
import { modelInvalid } from './model-invalid';

/** What a network says of one of its inputs or outputs; a name or a number below 1 stands for a free dimension. */
export type ValueFacts = {
  readonly name: string;
  /** Element type, `float32`; undefined for what is no tensor. */
  readonly type: string | undefined;
  readonly shape: readonly (number | string)[];
};

type Layout<L extends ModelInput['layout']> = {
  readonly layout: L;
  readonly width: number;
  readonly height: number;
};

/** What the input takes; `channel` says where patches have their one channel, `batched` whether sound has a leading
 * batch. */
type InputFacts =
  | (Layout<'NCHW' | 'NHWC'> & { readonly kind: 'picture' })
  | (Layout<'NCTHW' | 'NTCHW' | 'TCHW'> & { readonly kind: 'clip'; readonly frames: number | undefined })
  | { readonly kind: 'patches'; readonly channel: 'none' | 'first' | 'last'; readonly batched: boolean }
  | { readonly kind: 'waveform'; readonly batched: boolean; readonly samples: number | undefined }
  | {
      readonly kind: 'tokens';
      readonly type: 'int64' | 'int32';
      readonly length: number;
      /** Input for the attention mask, where there is one. */
      readonly mask: string | undefined;
    };

export type InputPlan = InputFacts & {
  readonly name: string;
  /** The only batch size that the network takes, or undefined where it is free. */
  readonly fixedBatch: number | undefined;
};

/** Frames and bands of a log-mel patch: YAMNet's and VGGish's. */
const patchFrames = 96;
const patchBands = 64;
const tokenLength = 77;
const defaultSide = 224;
/** Of networks that take any number of them: what they are tested with. */
const defaultFrames = 8;
const defaultSamples = 16_000;
/** Half a second at 16 kHz: what takes less takes no sound. */
const fewestSamples = 8000;
const largest = { side: 1024, batch: 256, frames: 256, samples: 48_000 * 60 };

const wanted: Record<InputKind, string> = {
  picture: 'pictures [N, 3, H, W] or [N, H, W, 3]',
  clip: 'clips [1, 3, T, H, W], [1, T, 3, H, W] or [T, 3, H, W]',
  patches: `log-mel patches [N, ${patchFrames}, ${patchBands}]`,
  waveform: `a waveform [samples] or [B, samples], of at least ${fewestSamples} samples`,
  tokens: `tokens [B, ${tokenLength}]`,
};

export const isFixed = (size: number | string | undefined): size is number => typeof size === 'number' && size >= 1;
const free = (size: number | string | undefined) => (isFixed(size) ? size : undefined);

/** Reads a network's input as the first of the accepted kinds that fits. Errors: `model-invalid`. */
export function planInput(inputs: readonly ValueFacts[], accepts: readonly InputKind[]): InputPlan {
  for (const kind of accepts) {
    const plan = readers[kind](inputs);
    if (!plan) continue;
    checkSize(plan, inputs);
    return plan;
  }
  const [input] = inputs;
  const wants = accepts.map((kind) => wanted[kind]).join(', or ');
  const halved = inputs.length === 1 && input?.type === 'float16' ? '; an export with float32 input is needed' : '';
  throw modelInvalid(`it takes ${listed(inputs) || 'nothing'}, not ${wants}${halved}`);
}

const readers: Record<InputKind, (inputs: readonly ValueFacts[]) => InputPlan | undefined> = {
  picture(inputs) {
    const input = onlyFloats(inputs, 4);
    if (!input) return undefined;
    const [batch, second, third, fourth] = input.shape;
    const layout = second === 3 ? 'NCHW' : fourth === 3 ? 'NHWC' : isFixed(second) ? undefined : 'NCHW';
    if (!layout) return undefined;
    const [height, width] = layout === 'NCHW' ? [third, fourth] : [second, third];
    return { kind: 'picture', name: input.name, layout, ...sides(height, width), fixedBatch: free(batch) };
  },
  clip(inputs) {
    const batched = onlyFloats(inputs, 5);
    if (batched) {
      const [batch, second, third, height, width] = batched.shape;
      const layout = second === 3 ? 'NCTHW' : third === 3 ? 'NTCHW' : isFixed(second) ? undefined : 'NCTHW';
      if (!layout) return undefined;
      const frames = free(layout === 'NCTHW' ? third : second);
      return { kind: 'clip', name: batched.name, layout, ...sides(height, width), frames, fixedBatch: free(batch) };
    }
    const input = onlyFloats(inputs, 4);
    const [frames, colours, height, width] = input?.shape ?? [];
    if (!input || (isFixed(colours) && colours !== 3)) return undefined;
    const facts = { layout: 'TCHW', ...sides(height, width), frames: free(frames) } as const;
    return { kind: 'clip', name: input.name, ...facts, fixedBatch: 1 };
  },
  patches(inputs) {
    const single = onlyFloats(inputs, 2);
    if (single) {
      const [frames, bands] = single.shape;
      if (frames !== patchFrames || bands !== patchBands) return undefined;
      return { kind: 'patches', name: single.name, channel: 'none', batched: false, fixedBatch: 1 };
    }
    const channel = { 3: 'none', 4: 'first' } as const;
    for (const rank of [3, 4] as const) {
      const input = onlyFloats(inputs, rank);
      if (!input) continue;
      const [batch, ...sizes] = input.shape;
      const fits = (...dims: number[]) => sizes.every((size, i) => !isFixed(size) || size === dims[i]);
      const plan = { kind: 'patches', name: input.name, batched: true, fixedBatch: free(batch) } as const;
      if (rank === 3) return fits(patchFrames, patchBands) ? { ...plan, channel: channel[rank] } : undefined;
      if (fits(1, patchFrames, patchBands)) return { ...plan, channel: channel[rank] };
      if (fits(patchFrames, patchBands, 1)) return { ...plan, channel: 'last' };
    }
    return undefined;
  },
  waveform(inputs) {
    const input = onlyFloats(inputs, 1) ?? onlyFloats(inputs, 2);
    if (!input) return undefined;
    const batched = input.shape.length === 2;
    const [first, second] = input.shape;
    const [batch, samples] = batched ? [free(first), free(second)] : [1, free(first)];
    if (samples !== undefined && samples < fewestSamples) return undefined;
    return { kind: 'waveform', name: input.name, batched, samples, fixedBatch: batch };
  },
  tokens(inputs) {
    const isTokens = ({ type, shape }: ValueFacts) => (type === 'int64' || type === 'int32') && shape.length === 2;
    const mask = inputs.find(({ name }) => /mask/i.test(name));
    const [input, ...others] = inputs.filter((value) => value !== mask);
    if (!input || others.length > 0 || !isTokens(input) || (mask && !isTokens(mask))) return undefined;
    const [batch, length] = input.shape;
    return {
      kind: 'tokens',
      name: input.name,
      type: input.type === 'int32' ? 'int32' : 'int64',
      length: free(length) ?? tokenLength,
      mask: mask?.name,
      fixedBatch: free(batch),
    };
  },
};

/** Numbers of one item; where the network leaves that open, of one to test it with. */
export function itemLengthOf(plan: InputPlan): number {
  switch (plan.kind) {
    case 'picture':
      return 3 * plan.width * plan.height;
    case 'clip':
      return (plan.frames ?? defaultFrames) * 3 * plan.width * plan.height;
    case 'patches':
      return patchFrames * patchBands;
    case 'waveform':
      return plan.samples ?? defaultSamples;
    case 'tokens':
      return plan.length;
  }
}

/** Dimensions of the tensor of `count` items of so many numbers each. */
export function inputDims(plan: InputPlan, count: number, itemLength: number): number[] {
  switch (plan.kind) {
    case 'picture':
      return plan.layout === 'NCHW' ? [count, 3, plan.height, plan.width] : [count, plan.height, plan.width, 3];
    case 'clip': {
      const { height, width } = plan;
      const frames = itemLength / (3 * height * width);
      if (plan.layout === 'TCHW') return [frames, 3, height, width];
      return plan.layout === 'NCTHW' ? [count, 3, frames, height, width] : [count, frames, 3, height, width];
    }
    case 'patches': {
      const patch = [patchFrames, patchBands];
      if (!plan.batched) return patch;
      return [count, ...(plan.channel === 'first' ? [1] : []), ...patch, ...(plan.channel === 'last' ? [1] : [])];
    }
    case 'waveform':
      return plan.batched ? [count, itemLength] : [itemLength];
    case 'tokens':
      return [count, plan.length];
  }
}

/** The usual preprocessing of exports with this layout: PyTorch writes NCHW, Keras NHWC; video networks mostly take
 * values 0..1. */
export function guessInput(layout: ModelInput['layout']): ModelInput {
  switch (layout) {
    case 'NCHW':
      return { layout, channels: 'RGB', normalisation: 'torchvision' };
    case 'NHWC':
      return { layout, channels: 'BGR', normalisation: 'caffe' };
    default:
      return { layout, channels: 'RGB', normalisation: 'unit' };
  }
}

/** Where no file is published the card's input holds for all; where one is, for every export of its layout. That of another
 * layout is guessed. */
export function inputOf({ url, input }: ModelEntry, layout: ModelInput['layout']): ModelInput {
  if (input && (url === undefined || input.layout === layout)) return { ...input, layout };
  return guessInput(layout);
}

export function listed(values: readonly ValueFacts[]): string {
  return values
    .map(
      ({ name, type, shape }) => `${name} ${type === 'float32' ? '' : `${type ?? 'no tensor'} `}[${shape.join(', ')}]`,
    )
    .join(', ');
}

/** The only input, where it is of floats and has so many dimensions. */
function onlyFloats(inputs: readonly ValueFacts[], rank: number): ValueFacts | undefined {
  const [input, ...others] = inputs;
  return input && others.length === 0 && input.type === 'float32' && input.shape.length === rank ? input : undefined;
}

function sides(height: number | string | undefined, width: number | string | undefined) {
  return { height: free(height) ?? defaultSide, width: free(width) ?? defaultSide };
}

function checkSize(plan: InputPlan, inputs: readonly ValueFacts[]): void {
  const side = 'width' in plan ? Math.max(plan.width, plan.height) : 1;
  const frames = (plan.kind === 'clip' && plan.frames) || 1;
  const samples = (plan.kind === 'waveform' && plan.samples) || 1;
  const fits =
    side <= largest.side &&
    frames <= largest.frames &&
    samples <= largest.samples &&
    (plan.fixedBatch ?? 1) <= largest.batch;
  if (!fits) throw modelInvalid(`its input ${listed(inputs)} is too large`);
}
