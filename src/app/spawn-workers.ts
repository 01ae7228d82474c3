import type { WorkerSpawners } from '../state/engine';

export const spawnWorkers: WorkerSpawners = {
  extract: () =>
    new Worker(new URL('../worker/extract.worker.ts', import.meta.url), { type: 'module', name: 'extract' }),
  library: () =>
    new Worker(new URL('../worker/library.worker.ts', import.meta.url), { type: 'module', name: 'library' }),
  train: () => new Worker(new URL('../worker/train.worker.ts', import.meta.url), { type: 'module', name: 'train' }),
};
