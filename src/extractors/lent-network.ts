import { AppError } from '../core/errors';
import type { ExtractorOptions } from '../core/feature';
import type { FrameBatch } from '../core/media';
import type { Described, Inference, InputKind, NetworkInput } from './extractor';
import { toNetworkInput } from './network-input';
import { rooted } from './picture-options';

/** The lent network, known to take this kind of input. The card must accept no other. Errors: `model-missing`. */
export function lentNetwork<K extends InputKind>(
  inference: Inference | undefined,
  kind: K,
): Inference & { readonly input: Extract<NetworkInput, { kind: K }> } {
  if (!inference) throw new AppError('model-missing', 'This descriptor needs its model file.');
  if (inference.input.kind !== kind) throw new Error(`The card accepts networks of ${inference.input.kind}`);
  return inference as Inference & { readonly input: Extract<NetworkInput, { kind: K }> };
}

/** A vector a frame from a network of pictures, as the `pictureOptions` have it, with the class scores it gives. Errors:
 * `model-missing`, `inference-failed`. */
export async function describePictures(
  batch: FrameBatch,
  inference: Inference | undefined,
  { frames }: ExtractorOptions = {},
): Promise<Described> {
  const network = lentNetwork(inference, 'picture');
  const { features, scores } = await network.run(toNetworkInput(batch, network.input), batch.count);
  return { vectors: frames === 'root' ? rooted(features, features.length / batch.count) : features, scores };
}
