import { expect, test, vi } from 'vitest';
import { AppError } from '../core/errors';
import { createTasks, type TaskState } from './tasks';

function open() {
  let state: TaskState = { running: undefined, error: undefined };
  const tasks = createTasks((changes) => {
    state = { ...state, ...changes };
  });
  return { tasks, now: () => state };
}

test('what fails is told, whatever it is, and nothing stays running', async () => {
  const { tasks, now } = open();
  await tasks.run(() => Promise.reject(new AppError('storage-full', 'No room')));
  expect(now()).toMatchObject({ running: undefined, error: { code: 'storage-full' } });
  await tasks.run(() => Promise.reject(new RangeError('Array buffer allocation failed')));
  expect(now()).toMatchObject({ running: undefined, error: { code: 'out-of-memory' } });
  const heard = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await tasks.guarded(() => Promise.reject(new TypeError('x is undefined')));
  expect(now().error).toMatchObject({ code: 'unforeseen', details: { reason: 'x is undefined' } });
  expect(heard).toHaveBeenCalledOnce();
  heard.mockRestore();
  await tasks.run(async () => undefined);
  expect(now()).toEqual({ running: undefined, error: undefined });
});

test('a later task cancels the one before, which tells nothing any more', async () => {
  const { tasks, now } = open();
  let fail: (error: Error) => void = () => undefined;
  const first = tasks.run(({ signal, onProgress }) => {
    signal.addEventListener('abort', () => onProgress({ stage: 'late', fraction: 1 }));
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  const second = tasks.run(async ({ onProgress }) => {
    onProgress({ stage: 'second', fraction: 0.5 });
    fail(new AppError('storage-full', 'No room'));
    await first;
    expect(now()).toEqual({ running: { stage: 'second', fraction: 0.5, paused: false }, error: undefined });
  });
  await second;
  expect(now()).toEqual({ running: undefined, error: undefined });
});

test('what is held says so, keeps its progress, and goes on', async () => {
  const { tasks, now } = open();
  const work = tasks.run(async ({ signal, onProgress, gate }) => {
    onProgress({ stage: 'half', fraction: 0.5 });
    tasks.pause(true);
    expect(now().running).toEqual({ stage: 'half', fraction: 0.5, paused: true });
    setTimeout(() => tasks.pause(false), 5);
    await gate.pass(signal);
    expect(now().running).toEqual({ stage: 'half', fraction: 0.5, paused: false });
  });
  await work;
  expect(now()).toEqual({ running: undefined, error: undefined });
  tasks.pause(true);
  expect(now().running).toBeUndefined();
});

test('cancelled work is no failure', async () => {
  const { tasks, now } = open();
  const work = tasks.run(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  tasks.cancel();
  expect(now().running).toBeUndefined();
  await work;
  expect(now().error).toBeUndefined();
});
