/** What is trained on top of the vectors. `l2` weighs the squared weights as scikit-learn does: half of it, over the
 * number of training videos. */
export type HeadSettings =
  | { readonly name: 'nearest-neighbours'; readonly neighbours: number }
  | { readonly name: 'logistic'; readonly l2: number }
  | { readonly name: 'mlp'; readonly hidden: readonly number[]; readonly dropout: number; readonly l2: number }
  | ({ readonly name: 'attention' | 'gru'; readonly dropout: number; readonly l2: number } & FrameReading);

/** How a head over moments reads them: attention's hidden layer, or the state of the GRU, has `units`. Each of the time scales
 * reads means of so many moments in a row. */
export type FrameReading = { readonly units: number; readonly scales: readonly number[] };

/** One label a video (softmax), or any number of them (sigmoid). */
export type Outcome = 'one-label' | 'several-labels';

/** `root` is the signed square root, then unit length; standardising is fitted on the training part alone. */
export type Scaling = 'standardise' | 'root' | 'root-standardise' | 'none';

export type SplitSettings = {
  /** `official`: as the labels name train and test. `groups`: no group on both sides. `ratio`: videos at random. */
  readonly name: 'official' | 'groups' | 'ratio';
  /** Share of the videos that test; not for `official`. */
  readonly test: number;
  /** Share of the rest that chooses when to stop, but for official parts that include one for that; 0 for none. */
  readonly validation: number;
  readonly seed: number;
};

/** Adam (Kingma and Ba 2015). */
export type Descent = {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Epochs without a better validation mAP after which training stops. */
  readonly patience: number;
};

export type TrainSettings = {
  readonly head: HeadSettings;
  readonly outcome: Outcome;
  readonly scaling: Scaling;
  readonly split: SplitSettings;
  readonly descent: Descent;
};
