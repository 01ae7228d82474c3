/** A known list of class names: the 1000 of ImageNet, the 521 sounds of AudioSet that YAMNet tells apart. */
export type Vocabulary = 'imagenet' | 'audioset';

/** What a classifier says of each item. */
export type ClassScores = {
  readonly vocabulary: Vocabulary;
  /** Classes of the vocabulary, the length of a row. */
  readonly classes: number;
  /** Probabilities, row-major [count x classes], one row for each vector made beside them. */
  readonly probabilities: Float32Array;
};
