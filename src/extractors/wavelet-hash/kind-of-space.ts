import type { Space } from '../../core/feature';
import { type HashKind, hashKinds } from '../../core/near-duplicates/hash-kind';
import { optionsOfSpace } from '../options';
import { waveletHash } from '.';

/** What the hashes of a space stand for; undefined for other spaces, and for hashes of an older version. */
export function hashKindOf({ extractor, version, preprocessing }: Space): HashKind | undefined {
  if (extractor !== waveletHash.id || version !== waveletHash.version) return undefined;
  const { hash } = optionsOfSpace(waveletHash, preprocessing);
  return hashKinds.find((known) => known === hash) ?? 'wavelet';
}
