import { describe, expect, it } from 'vitest';
import { clip } from '../../extractors/clip';
import type { ModelEntry } from '../../extractors/extractor';
import { mobilenetv2 } from '../../extractors/mobilenetv2';
import { resnet50 } from '../../extractors/resnet50';
import { type InputPlan, inputDims, inputOf, itemLengthOf, planInput } from './model-plan';

const picture = (shape: readonly (number | string)[], type = 'float32') => [{ name: 'input', type, shape }];

describe('planInput', () => {
  it.each([
    [['N', 3, 224, 224], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
    [[-1, 224, 224, 3], { layout: 'NHWC', width: 224, height: 224, fixedBatch: undefined }],
    [[1, 3, 240, 320], { layout: 'NCHW', width: 320, height: 240, fixedBatch: 1 }],
    [['n', 3, 'h', 'w'], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
    [['n', 'h', 'w', 3], { layout: 'NHWC', width: 224, height: 224, fixedBatch: undefined }],
    [['a', 'b', 'c', 'd'], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
  ])('reads %j', (shape, plan) => {
    expect(planInput(picture(shape), ['picture'])).toEqual({ kind: 'picture', name: 'input', ...plan });
  });

  it.each([
    ['no input', []],
    ['two inputs', [...picture(['N', 3, 224, 224]), ...picture(['N', 3, 224, 224])]],
    ['sound', picture(['N', 96, 64])],
    ['grey pictures', picture(['N', 1, 28, 28])],
    ['half floats', picture(['N', 3, 224, 224], 'float16')],
    ['huge pictures', picture([1, 3, 100_000, 100_000])],
  ])('refuses %s', (_, inputs) => {
    expect(() => planInput(inputs, ['picture'])).toThrow(expect.objectContaining({ code: 'model-invalid' }));
  });

  it.each([
    ['clip', [1, 3, 'T', 112, 112], { layout: 'NCTHW', width: 112, height: 112, frames: undefined, fixedBatch: 1 }],
    ['clip', ['N', 16, 3, 'h', 'w'], { layout: 'NTCHW', width: 224, height: 224, frames: 16, fixedBatch: undefined }],
    ['clip', ['T', 3, 172, 172], { layout: 'TCHW', width: 172, height: 172, frames: undefined, fixedBatch: 1 }],
    ['clip', [8, 3, 64, 64], { layout: 'TCHW', width: 64, height: 64, frames: 8, fixedBatch: 1 }],
    ['patches', ['N', 96, 64], { channel: 'none', batched: true, fixedBatch: undefined }],
    ['patches', [96, 64], { channel: 'none', batched: false, fixedBatch: 1 }],
    ['patches', ['N', 1, 96, 64], { channel: 'first', batched: true, fixedBatch: undefined }],
    ['patches', [4, 96, 64, 1], { channel: 'last', batched: true, fixedBatch: 4 }],
    ['waveform', ['samples'], { batched: false, samples: undefined, fixedBatch: 1 }],
    ['waveform', ['B', 15_600], { batched: true, samples: 15_600, fixedBatch: undefined }],
  ] as const)('reads a %s of %j', (kind, shape, plan) => {
    expect(planInput(picture(shape), [kind])).toEqual({ kind, name: 'input', ...plan });
  });

  it('reads tokens, with or without a mask', () => {
    const tokens = { name: 'input_ids', type: 'int64', shape: ['B', 77] };
    const plan = { kind: 'tokens', name: 'input_ids', type: 'int64', length: 77, fixedBatch: undefined };
    expect(planInput([tokens], ['tokens'])).toEqual({ ...plan, mask: undefined });
    const mask = { ...tokens, name: 'attention_mask' };
    expect(planInput([tokens, mask], ['tokens'])).toEqual({ ...plan, mask: 'attention_mask' });
  });

  it('takes the first accepted kind that fits', () => {
    expect(planInput(picture(['N', 96, 64]), ['waveform', 'patches']).kind).toBe('patches');
  });

  it.each([
    ['patches of other bands', ['N', 96, 128], 'patches'],
    ['pictures in grey for clips', ['T', 1, 28, 28], 'clip'],
    ['a patch of other bands for a waveform', [96, 128], 'waveform'],
    ['a few samples for sound', [1, 400], 'waveform'],
    ['pictures for sound', ['N', 3, 224, 224], 'waveform'],
    ['floats for tokens', ['N', 77], 'tokens'],
    ['clips for pictures', [1, 3, 16, 112, 112], 'picture'],
  ] as const)('refuses %s and says what is wanted', (_, shape, kind) => {
    expect(() => planInput(picture(shape), [kind])).toThrow(
      expect.objectContaining({ code: 'model-invalid', message: expect.stringMatching(/it takes input \[.*\], not /) }),
    );
  });
});

describe('inputDims', () => {
  const dims = (kind: InputPlan['kind'], shape: readonly (number | string)[], count: number, length?: number) => {
    const plan = planInput(picture(shape), [kind]);
    return inputDims(plan, count, length ?? itemLengthOf(plan));
  };

  it('lays items out as the file asks', () => {
    expect(dims('picture', ['N', 8, 6, 3], 2)).toEqual([2, 8, 6, 3]);
    expect(dims('clip', [1, 3, 'T', 4, 4], 1, 5 * 48)).toEqual([1, 3, 5, 4, 4]);
    expect(dims('clip', [1, 'T', 3, 4, 4], 1, 5 * 48)).toEqual([1, 5, 3, 4, 4]);
    expect(dims('clip', ['T', 3, 4, 4], 1, 5 * 48)).toEqual([5, 3, 4, 4]);
    expect(dims('patches', ['N', 96, 64, 1], 3)).toEqual([3, 96, 64, 1]);
    expect(dims('patches', [96, 64], 1)).toEqual([96, 64]);
    expect(dims('waveform', ['samples'], 1, 24_000)).toEqual([24_000]);
    expect(dims('waveform', ['B', 'samples'], 2, 24_000)).toEqual([2, 24_000]);
  });
});

describe('inputOf', () => {
  it.each([
    ['CLIP, any export of its layout', clip, 'NCHW', 'clip'],
    ['CLIP, another layout', clip, 'NHWC', 'caffe'],
    ['ResNet-50 by PyTorch', resnet50, 'NCHW', 'torchvision'],
    ['ResNet-50 by Keras', resnet50, 'NHWC', 'caffe'],
    ['MobileNetV2, which no file is published of', mobilenetv2, 'NHWC', 'tf'],
  ] as const)('%s', (_, { model }, layout, normalisation) => {
    expect(inputOf(model as ModelEntry, layout)).toMatchObject({ layout, normalisation });
  });
});
