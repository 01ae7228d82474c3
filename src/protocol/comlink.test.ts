import { getEventListeners } from 'node:events';
import type { Endpoint } from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { AppError, isAbortError } from '../core/errors';
import type { EvaluationReport } from '../core/evaluation/report';
import { sampleReport } from '../core/evaluation/report.fixture';
import { type Connection, connect, serve, type WorkerLike } from './comlink';
import { createGate } from './gate';
import type { CallOptions, Progress } from './progress';

class Api {
  readonly prefix = 'echo';
  lastSignal: AbortSignal | undefined;
  lastProgress: ((progress: Progress) => void) | undefined;
  listener: ((text: string) => void) | undefined;

  async echo({ value }: { value: unknown }) {
    return `${this.prefix} ${String(value)}`;
  }
  async clone({ value }: { value: unknown }) {
    return value;
  }
  async listOf({ list }: { list: readonly object[] }) {
    return list.map((member, i) => (i === 600 ? { member, how: () => i } : member));
  }
  async fail() {
    throw new AppError('storage-full', 'No room', { needed: 12, what: 'vectors' });
  }
  async breakDown() {
    throw new RangeError('a bug');
  }
  async lack({ message, range }: { message: string; range: boolean }) {
    throw range ? new RangeError(message) : new Error(message);
  }
  async cancelItself() {
    throw new DOMException('stop', 'AbortError');
  }
  async work({ steps }: { steps: number }, { onProgress, signal, gate }: CallOptions = {}) {
    this.lastSignal = signal;
    this.lastProgress = onProgress;
    for (let step = 1; step <= steps; step++) {
      onProgress?.({ stage: 'working', fraction: step / steps });
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      await gate?.pass(signal);
    }
    return steps;
  }
  async forever(_: object, { signal }: CallOptions = {}) {
    this.lastSignal = signal;
    return new Promise<never>(() => {});
  }
  async subscribe(listener: (text: string) => void) {
    this.listener = listener;
  }
  async better({ report, than }: { report: EvaluationReport; than: string }) {
    return { ...report, name: `${report.name}, better than ${than}` };
  }
  async extract() {
    const vector = Float32Array.of(1, 2, 3);
    this.made = vector;
    return { features: [{ vector, frames: vector, times: Float64Array.of(0.5) }], timings: {} };
  }
  made: Float32Array | undefined;
}

let connection: Connection<Api>;
let events: EventTarget;
let served: Api;

function open(): Connection<Api> {
  const { port1, port2 } = new MessageChannel();
  served = new Api();
  serve(served, port2 as unknown as Endpoint);
  events = new EventTarget();
  const worker = {
    postMessage: port1.postMessage.bind(port1),
    start: () => port1.start(),
    addEventListener: (type: string, listener: EventListener) =>
      (type === 'message' ? port1 : events).addEventListener(type, listener),
    removeEventListener: (type: string, listener: EventListener) => port1.removeEventListener(type, listener),
    terminate: () => port1.close(),
  };
  connection = connect<Api>(worker as unknown as WorkerLike);
  return connection;
}

afterEach(() => connection.terminate());

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a call reaches the method with its own object as this', async () => {
  expect(await open().api.echo({ value: 3 })).toBe('echo 3');
});

test('the api may be awaited and passed about without becoming a call', async () => {
  const { api } = open();
  expect(await Promise.resolve(api)).toBe(api);
});

test('typed arrays and blobs arrive whole and stay usable where they came from', async () => {
  const { api } = open();
  const vector = Float32Array.of(1, 2.5, -3);
  expect(await api.clone({ value: vector })).toEqual(vector);
  expect(vector.length).toBe(3);
  const blob = (await api.clone({ value: new Blob(['abc']) })) as Blob;
  expect(await blob.text()).toBe('abc');
});

test('a long list of records arrives whole and in order, in portions that let other messages through', async () => {
  const { api } = open();
  const list = Array.from({ length: 5000 }, (_, id) => ({ id, labels: [`label ${id}`], probe: undefined }));
  let turns = 0;
  const { port1, port2 } = new MessageChannel();
  const again = () => port2.postMessage('');
  port1.onmessage = () => {
    turns++;
    again();
  };
  again();
  expect(await api.clone({ value: list })).toStrictEqual(list);
  port1.close();
  expect(turns).toBeGreaterThan(10);
  expect(await api.clone({ value: [] })).toEqual([]);
});

test('a list that cannot be cloned rejects the call', async () => {
  const list = Array.from({ length: 1000 }, (_, id) => ({ id }));
  await expect(open().api.listOf({ list })).rejects.toThrow();
});

test('an AppError keeps its code, message and details', async () => {
  const error = await open()
    .api.fail()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'storage-full', message: 'No room', details: { needed: 12, what: 'vectors' } });
});

test('another error keeps name, message and the stack of its own thread', async () => {
  const error = (await open()
    .api.breakDown()
    .catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ name: 'RangeError', message: 'a bug' });
  expect(error.stack).toContain('breakDown');
});

test('memory that cannot be had is told, whoever asked for it', async () => {
  const { api } = open();
  for (const message of [
    'Array buffer allocation failed',
    'Invalid typed array length: 9007199254740991',
    'WebAssembly.Memory.grow(): Maximum memory size exceeded',
    'Allocation exceeds the 4 GiB memory32 limit',
  ]) {
    await expect(api.lack({ message, range: true })).rejects.toMatchObject({ code: 'out-of-memory', message });
  }
  const message = 'Memory allocation of 4294967290 bytes failed';
  await expect(api.lack({ message, range: false })).rejects.toMatchObject({ code: 'out-of-memory' });
  await expect(api.lack({ message: 'Offset is outside the bounds', range: true })).rejects.not.toBeInstanceOf(AppError);
});

test('an AbortError thrown by the worker stays one', async () => {
  const error = await open()
    .api.cancelItself()
    .catch((reason: unknown) => reason);
  expect(isAbortError(error)).toBe(true);
});

test('a method that does not exist rejects', async () => {
  const { api } = open();
  await expect((api as unknown as { missing(): Promise<void> }).missing()).rejects.toThrow('no method missing');
});

test('progress is heard, in order, and nothing is left behind afterwards', async () => {
  const { api } = open();
  const controller = new AbortController();
  const heard: (number | undefined)[] = [];
  const result = await api.work(
    { steps: 3 },
    { signal: controller.signal, onProgress: (progress) => heard.push(progress.fraction) },
  );
  expect(result).toBe(3);
  expect(heard).toEqual([1 / 3, 2 / 3, 1]);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  served.lastProgress?.({ stage: 'late', fraction: 1 });
  await settle();
  expect(heard).toHaveLength(3);
});

test('aborting rejects at once and reaches the worker', async () => {
  const { api } = open();
  const controller = new AbortController();
  const call = api.forever({}, { signal: controller.signal });
  await settle();
  controller.abort();
  expect(isAbortError(await call.catch((reason: unknown) => reason))).toBe(true);
  await settle();
  expect(served.lastSignal?.aborted).toBe(true);
});

test('a call stands still while its gate is closed, from the start or later, and can be cancelled then', async () => {
  const { api } = open();
  const gate = createGate();
  const heard: (number | undefined)[] = [];
  const onProgress = ({ fraction }: { fraction: number | undefined }) => heard.push(fraction);
  gate.close();
  const call = api.work({ steps: 4 }, { gate, onProgress });
  await settle();
  await settle();
  expect(heard).toEqual([0.25]);
  gate.open();
  expect(await call).toBe(4);
  expect(heard).toEqual([0.25, 0.5, 0.75, 1]);

  const controller = new AbortController();
  const held = api.work({ steps: 4 }, { gate, signal: controller.signal });
  gate.close();
  await settle();
  controller.abort();
  expect(isAbortError(await held.catch((reason: unknown) => reason))).toBe(true);
});

test('a signal aborted beforehand never starts the call', async () => {
  const { api } = open();
  const call = api.work({ steps: 1 }, { signal: AbortSignal.abort() });
  expect(isAbortError(await call.catch((reason: unknown) => reason))).toBe(true);
  await settle();
  expect(served.lastProgress).toBeUndefined();
});

test('a callback argument is called for as long as the connection lives', async () => {
  const { api } = open();
  const heard: string[] = [];
  await api.subscribe((text) => heard.push(text));
  served.listener?.('one');
  served.listener?.('two');
  await settle();
  expect(heard).toEqual(['one', 'two']);
});

test('the vectors of an extraction are transferred', async () => {
  const result = await open().api.extract();
  expect(result.features[0]?.vector).toEqual(Float32Array.of(1, 2, 3));
  expect(result.features[0]?.times).toEqual(Float64Array.of(0.5));
  expect(served.made?.length).toBe(0);
});

test('a report goes there and back as it was', async () => {
  const report = sampleReport(0.6, 'First');
  const { api } = open();
  expect(await api.better({ report, than: 'nothing' })).toEqual({ ...report, name: 'First, better than nothing' });
  expect(report).toEqual({ ...sampleReport(0.6, 'First') });
});

test('terminate rejects what is outstanding and what follows', async () => {
  const { api, terminate, ended } = open();
  const controller = new AbortController();
  const calls = [api.forever({}), api.forever({}, { signal: controller.signal })];
  terminate();
  for (const call of calls) expect(isAbortError(await call.catch((reason: unknown) => reason))).toBe(true);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  await expect(api.echo({ value: 1 })).rejects.toMatchObject({ name: 'AbortError' });
  expect(isAbortError(await ended)).toBe(true);
});

test('a worker that fails rejects the calls with the reason', async () => {
  const { api, ended } = open();
  const call = api.forever({});
  events.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  await expect(call).rejects.toThrow('out of memory');
  await expect(api.echo({ value: 1 })).rejects.toThrow('out of memory');
  expect((await ended).message).toContain('out of memory');
});

test('a worker that cannot be loaded says so', async () => {
  const { api } = open();
  const call = api.forever({});
  events.dispatchEvent(new Event('error'));
  await expect(call).rejects.toThrow('could not be loaded');
});

test('an argument that cannot be cloned rejects the call alone', async () => {
  const { api } = open();
  await expect(api.clone({ value: () => 1 })).rejects.toThrow();
  expect(await api.echo({ value: 1 })).toBe('echo 1');
});
