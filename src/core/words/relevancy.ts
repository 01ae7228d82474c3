/** How much likelier a picture goes with a text than with texts that say nothing in particular, 0..1: its softmax against
 * each of them, the least (Kerr et al. 2023, "LERF"). `similarity` and `neutral` are cosines, `scale` what the network
 * multiplies them by in training. */
export function relevancy(similarity: number, neutral: readonly number[], scale: number): number {
  const nearest = Math.max(...neutral);
  return 1 / (1 + Math.exp(scale * (nearest - similarity)));
}
