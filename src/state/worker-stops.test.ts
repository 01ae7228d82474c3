import { expect, test } from 'vitest';
import { AppError } from '../core/errors';
import { despiteCancels, retryOnce, workerStopped } from './worker-stops';

/** Fails by one of the errors after the other, then succeeds; counts the calls. */
function failing(...errors: readonly Error[]) {
  let calls = 0;
  const call = async () => {
    const error = errors[calls++];
    if (error) throw error;
    return calls;
  };
  return call;
}

const ended = workerStopped('page');
const crashed = workerStopped('itself');
const other = new AppError('decode-failed', 'no');

test('a call is made again as often as the page ended its worker, and not for another reason', async () => {
  expect(await despiteCancels(failing(ended, ended, ended))).toBe(4);
  await expect(despiteCancels(failing(ended, crashed))).rejects.toBe(crashed);
  await expect(despiteCancels(failing(other))).rejects.toBe(other);
});

test('where the worker stopped by itself, a call is made once more', async () => {
  expect(await retryOnce(failing(ended, crashed, ended, ended))).toBe(5);
  await expect(retryOnce(failing(crashed, ended, crashed))).rejects.toBe(crashed);
  await expect(retryOnce(failing(crashed, other))).rejects.toBe(other);
  await expect(retryOnce(failing(other))).rejects.toBe(other);
});
