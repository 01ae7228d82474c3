import { norm } from '../similarity/dot';
import type { VectorStage } from './recipe';

/** What the stages do to one vector by itself: the signed square root of each value, and unit length, which centring on
 * the library asks for. Without stages the vector itself. Zero vectors stay zero. */
export function prepareVector(vector: Float32Array, stages: readonly VectorStage[]): Float32Array {
  if (stages.length === 0) return vector;
  const prepared = vector.slice();
  // A plain loop: with a function a value, this takes longer than reading a library from disk.
  if (stages.some(({ name }) => name === 'signed-root')) {
    for (let i = 0; i < prepared.length; i++) {
      const value = prepared[i] as number;
      prepared[i] = value < 0 ? -Math.sqrt(-value) : Math.sqrt(value);
    }
  }
  const length = norm(prepared);
  if (length > 0) for (let i = 0; i < prepared.length; i++) prepared[i] = (prepared[i] as number) / length;
  return prepared;
}
