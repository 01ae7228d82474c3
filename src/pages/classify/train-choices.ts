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
  /** Of attention's hidden layer, or of the GRU's state. */
  readonly units: number;
  /** Time scales, as typed: `1, 2, 4`. */
  readonly scales: string;
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
  attention: { scaling: 'standardise', l2: 1, epochs: 60, units: 64, dropout: 0.2 },
  gru: { scaling: 'standardise', l2: 1, epochs: 60, units: 128, dropout: 0.2 },
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
  units: 64,
  scales: '1, 2, 4',
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

const longestScale = 16;

/** Time scales, ascending, or undefined where the text names none. */
export function timeScales(text: string): readonly number[] | undefined {
  const scales = [
    ...new Set(
      text
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ].sort((a, b) => a - b);
  const sound = scales.every((scale) => Number.isInteger(scale) && scale > 0 && scale <= longestScale);
  return sound && scales.length > 0 && scales.length <= 4 ? scales : undefined;
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
  const scales = timeScales(choices.scales);
  if ((choices.head === 'attention' || choices.head === 'gru') && !scales) return undefined;
  const reading = { units: choices.units, scales: scales ?? [], dropout, l2 };
  const heads: Record<HeadSettings['name'], HeadSettings> = {
    'nearest-neighbours': { name: 'nearest-neighbours', neighbours },
    logistic: { name: 'logistic', l2 },
    mlp: { name: 'mlp', hidden: hidden ?? [], dropout, l2 },
    attention: { name: 'attention', ...reading },
    gru: { name: 'gru', ...reading },
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
  attention: 'attention over moments',
  gru: 'GRU over moments',
  'nearest-neighbours': 'nearest neighbours',
};

export const splitWords: Readonly<Record<SplitSettings['name'], string>> = {
  official: 'train and test as the labels say',
  groups: 'by group: clips of one source stay on one side',
  ratio: 'by ratio, videos at random',
};

/** `MLP 512`, `5 nearest neighbours`, `GRU 128 at scales 1, 2, 4`. */
export function describeHead(head: HeadSettings): string {
  if (head.name === 'attention' || head.name === 'gru') {
    const name = head.name === 'gru' ? 'GRU' : 'attention';
    return `${name} ${head.units} at ${head.scales.length === 1 ? 'scale' : 'scales'} ${head.scales.join(', ')}`;
  }
  if (head.name === 'mlp') return `MLP ${head.hidden.join(', ')}`;
  return head.name === 'nearest-neighbours' ? `${head.neighbours} nearest neighbours` : 'logistic';
}
