import { AppError } from '../../core/errors';
import { type Keeping, valuesWithBytes } from './packed-matrix';

export type MemoryPlan = Pick<Keeping, 'compact' | 'bytesFrom'> & {
  /** What the vectors will take, bytes. */
  readonly bytes: number;
};

/** How so many values are kept within `memory` bytes: as floats, with bytes beside them where there are many and both fit;
 * else, where that may be, as bytes alone. Errors: `library-too-large`. */
export function planMemory(values: number, memory: number, compact: boolean): MemoryPlan {
  const floats = 4 * values;
  const beside = values >= valuesWithBytes ? values : 0;
  if (floats + beside <= memory) return { compact: false, bytes: floats + beside };
  if (floats <= memory) return { compact: false, bytesFrom: Number.POSITIVE_INFINITY, bytes: floats };
  if (compact && values <= memory) return { compact: true, bytes: values };
  const megabytes = (some: number) => Math.ceil(some / 2 ** 20);
  throw new AppError('library-too-large', 'The vectors do not fit into the memory for them', {
    megabytes: megabytes(floats),
    allowed: megabytes(memory),
    ...(values <= memory && { compact: megabytes(values) }),
  });
}
