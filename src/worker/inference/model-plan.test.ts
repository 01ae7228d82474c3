import { describe, expect, it } from 'vitest';
import { planInput, planOutput } from './model-plan';

const picture = (shape: readonly (number | string)[], type = 'float32') => [{ name: 'input', type, shape }];
const output = (name: string, shape: readonly (number | string)[], type = 'float32') => ({ name, type, shape });

describe('planInput', () => {
  it.each([
    [['N', 3, 224, 224], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
    [[-1, 224, 224, 3], { layout: 'NHWC', width: 224, height: 224, fixedBatch: undefined }],
    [[1, 3, 240, 320], { layout: 'NCHW', width: 320, height: 240, fixedBatch: 1 }],
    [['n', 3, 'h', 'w'], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
    [['n', 'h', 'w', 3], { layout: 'NHWC', width: 224, height: 224, fixedBatch: undefined }],
    [['a', 'b', 'c', 'd'], { layout: 'NCHW', width: 224, height: 224, fixedBatch: undefined }],
  ])('reads %j', (shape, plan) => {
    expect(planInput(picture(shape))).toEqual({ name: 'input', ...plan });
  });

  it.each([
    ['no input', []],
    ['two inputs', [...picture(['N', 3, 224, 224]), ...picture(['N', 3, 224, 224])]],
    ['sound', picture(['N', 96, 64])],
    ['grey pictures', picture(['N', 1, 28, 28])],
    ['half floats', picture(['N', 3, 224, 224], 'float16')],
    ['huge pictures', picture([1, 3, 100_000, 100_000])],
  ])('refuses %s', (_, inputs) => {
    expect(() => planInput(inputs)).toThrow(expect.objectContaining({ code: 'model-invalid' }));
  });
});

describe('planOutput', () => {
  it.each([
    [[output('features', ['N', 2048]), output('logits', ['N', 1000])], 'features', 'vector'],
    [
      [output('last_hidden_state', ['N', 2048, 7, 7]), output('pooler_output', ['N', 2048, 1, 1])],
      'pooler_output',
      'map-nchw',
    ],
    [[output('map', ['N', 7, 7, 2048]), output('x', ['N', 2048])], 'x', 'vector'],
    [[output('495', ['N', 2048, 1, 1])], '495', 'map-nchw'],
    [[output('avg', [-1, 1, 1, 2048])], 'avg', 'map-nhwc'],
    [[output('out', [1, 2048])], 'out', 'vector'],
  ] as const)('chooses among %j', (outputs, name, kind) => {
    expect(planOutput(outputs, 2048, name === 'out' ? 1 : undefined)).toEqual({ name, kind });
  });

  it('leaves open sizes to a run', () => {
    expect(planOutput([output('y', ['N', 'C', 'H', 'W'])], 2048, undefined)).toBeUndefined();
  });

  it.each([
    ['class scores', [output('logits', ['N', 1000])], undefined],
    ['another width', [output('features', ['N', 1280])], undefined],
    ['one answer for all pictures', [output('hidden', [1, 2048])], undefined],
    ['another batch size', [output('hidden', [1, 2048])], 4],
    ['half floats', [output('features', ['N', 2048], 'float16')], undefined],
  ])('refuses %s', (_, outputs, batch) => {
    expect(() => planOutput(outputs, 2048, batch)).toThrow(
      expect.objectContaining({ code: 'model-output-unsupported' }),
    );
  });
});
