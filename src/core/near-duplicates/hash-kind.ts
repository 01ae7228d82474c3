/** What the 64 bits of a frame's hash stand for. All are read row by row from the top left of an 8 x 8 grid:
 * `wavelet` a Haar coefficient above their median, `average` a mean above the picture's mean, `difference` a mean above
 * its left neighbour's, `dct` a low frequency above the median of them. Bits are stored as +1 and -1; a frame that has no
 * hash (dark, or plain) as zeros. */
export const hashKinds = ['wavelet', 'average', 'difference', 'dct'] as const;
export type HashKind = (typeof hashKinds)[number];

export const hashBits = 64;
