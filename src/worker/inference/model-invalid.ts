import { AppError } from '../../core/errors';

/** Why a file cannot be a model here: `it is empty`, as the person reads it. */
export function modelInvalid(reason: string, cause?: unknown): AppError {
  return new AppError('model-invalid', `The model file cannot be used: ${reason}.`, { reason }, { cause });
}
