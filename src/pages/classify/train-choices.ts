import type { HeadSettings, Scaling, SplitSettings, TrainSettings } from '../../core/classify/settings';

/** What the form holds. */
export type TrainChoices = {
  readonly space: string | undefined;
  readonly head: HeadSettings['name'];
  readonly scaling: Scaling;
  /** Undefined for the one that suits the labels. */
  readonly split: SplitSettings['name'] | undefined;
  readonly test: number;
  readonly validation: number;
  readonly seed: number;
  readonly neighbours: number;
  /** Sizes of hidden layers, as typed: `512` or `512, 128`. */
  readonly hidden: string;
  readonly dropout: number;
  readonly l2: number;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
};

/** What suits a head: standardised vectors and C = 1 of scikit-learn for the linear one. */
export const suited: Readonly<Record<HeadSettings['name'], Partial<TrainChoices>>> = {
  logistic: { scaling: 'standardise', l2: 1, epochs: 100 },
  mlp: { scaling: 'root', l2: 0.0001, epochs: 60 },
  'nearest-neighbours': { scaling: 'root' },
};

export const initialChoices: TrainChoices = {
  space: undefined,
  head: 'logistic',
  scaling: 'standardise',
  split: undefined,
  test: 0.3,
  validation: 0,
  seed: 1,
  neighbours: 5,
  hidden: '512',
  dropout: 0,
  l2: 1,
  epochs: 100,
  batch: 64,
  learningRate: 0.001,
};

const widest = 8192;

/** Sizes of hidden layers, or undefined where the text names none. */
export function hiddenSizes(text: string): readonly number[] | undefined {
  const sizes = text
    .split(/[\s,;x×]+/)
    .filter(Boolean)
    .map(Number);
  const sound =
    sizes.length > 0 &&
    sizes.length <= 4 &&
    sizes.every((size) => Number.isInteger(size) && size > 0 && size <= widest);
  return sound ? sizes : undefined;
}

/** Settings of a training; undefined while a field says nothing that can be used. */
export function settingsOf(
  choices: TrainChoices,
  split: SplitSettings['name'],
  severalLabels: boolean,
): TrainSettings | undefined {
  const { test, validation, seed, l2, dropout, neighbours, scaling, epochs, batch, learningRate } = choices;
  const hidden = hiddenSizes(choices.hidden);
  if (choices.head === 'mlp' && !hidden) return undefined;
  const heads: Record<HeadSettings['name'], HeadSettings> = {
    'nearest-neighbours': { name: 'nearest-neighbours', neighbours },
    logistic: { name: 'logistic', l2 },
    mlp: { name: 'mlp', hidden: hidden ?? [], dropout, l2 },
  };
  return {
    head: heads[choices.head],
    outcome: severalLabels ? 'several-labels' : 'one-label',
    scaling,
    split: { name: split, test, validation: choices.head === 'nearest-neighbours' ? 0 : validation, seed },
    descent: { epochs, batch, learningRate, patience: 20 },
  };
}

export const headWords: Readonly<Record<HeadSettings['name'], string>> = {
  logistic: 'logistic',
  mlp: 'MLP',
  'nearest-neighbours': 'nearest neighbours',
};

export const splitWords: Readonly<Record<SplitSettings['name'], string>> = {
  official: 'train and test as the labels say',
  groups: 'by group: clips of one source stay on one side',
  ratio: 'by ratio, videos at random',
};

/** `MLP 512`, `5 nearest neighbours`. */
export function describeHead(head: HeadSettings): string {
  if (head.name === 'mlp') return `MLP ${head.hidden.join(', ')}`;
  return head.name === 'logistic' ? 'logistic' : `${head.neighbours} nearest neighbours`;
}
