import { spawnWorkers } from '../src/app/spawn-workers';
import { once } from '../src/core/async';
import { defaultSettings } from '../src/core/evaluation/evaluate';
import type { MediaProbe } from '../src/core/media';
import { originalRecipe, type Preset, presets } from '../src/core/ranking/recipe';
import type { FrameSampling } from '../src/core/sampling';
import type { VideoRecord } from '../src/core/video';
import { audioStatistics } from '../src/extractors/audio-statistics';
import { extractors } from '../src/extractors/registry';
import { resnet50 } from '../src/extractors/resnet50';
import { yamnet } from '../src/extractors/yamnet';
import { connect } from '../src/protocol/comlink';
import type { ExtractApi, InferenceStatus } from '../src/protocol/extract-api';
import type { LibraryApi } from '../src/protocol/library-api';
import { workOff } from '../src/state/work-off';
import type { GraphicsApi } from './graphics.worker';
import type { PartsApi } from './parts.worker';
import type { TrainingApi } from './training.worker';
import type { TransformersApi } from './transformers.worker';
import type { VectorsApi } from './vectors.worker';

/** Seconds that the app took for one clip. */
type IndexTimes = {
  /** Identity, queueing, probe, decode, network, thumbnails and the commit to storage. */
  readonly whole: number;
  /** Without storage. */
  readonly extract: number;
  /** From pixels to vectors: normalisation and network. */
  readonly network: number;
  readonly frames: number;
};

/** What the benchmark may ask of the page. Files are those of its one input, by position. Times are in seconds. */
export type BenchPage = {
  /** With the network itself, or its 8-bit copy, made where it is missing. */
  warmUp(args?: { copy: boolean }): Promise<InferenceStatus>;
  index(args: { file: number; extractors?: readonly string[] }): Promise<IndexTimes>;
  /** Seconds a clip of these files, so many under way at a time, as the queue of the app works them off. By ResNet-50, if
   * nothing else is said. */
  indexSeveral(args: { files: readonly number[]; atOnce: number; extractors?: readonly string[] }): Promise<number>;
  /** Gives a descriptor its model file. */
  addModel(args: { extractor: string; file: number }): Promise<InferenceStatus>;
  /** Seconds from a file of sound to its vector: decode and descriptor. */
  hear(args: { file: number; by: 'yamnet' | 'audio-statistics' }): Promise<{ seconds: number; moments: number }>;
  probe(args: { file: number }): Promise<MediaProbe>;
  decode(args: {
    file: number;
    sampling?: FrameSampling;
    by?: 'ffmpeg';
    probing?: boolean;
  }): Promise<{ seconds: number; frames: number; decoder: string; sought: string | undefined }>;
  /** Seconds that one descriptor takes for one file, decode included; it needs its model file. */
  describe(args: {
    file: number;
    extractor: string;
    sampling?: FrameSampling;
  }): Promise<{ seconds: number; count: number }>;
  colours(args: { file: number }): Promise<{ seconds: number; centroids: number[] }>;
  /** Imports the vectors of a file; gives the key of their space. */
  importVectors(args: { file: number }): Promise<string>;
  /** Group-excluded, with the labels and groups that came with the import; metrics are micro means. */
  /** Seconds of one search of the library for what is like a video of it. */
  rank(args: { space: string; limit: number; ranking: Preset }): Promise<number>;
  /** The library as it opens anew: seconds to the records, and of the first search. */
  reopen(args: { space: string }): Promise<{ records: number; first: number }>;
  evaluate(args: { space: string }): Promise<{
    seconds: number;
    metrics: Record<string, number>;
    stages: readonly { readonly stage: string; readonly seconds: number }[];
  }>;
  /** Opens the peer transformers.js with the network in one file, and the pixels of another. */
  openTransformers(args: { network: number; pixels: number; threads: number }): Promise<void>;
  runTransformers(): Promise<{ seconds: number; vector: number[] }>;
  /** Fills one index, and `besides` a second with the same vectors. */
  fillIndex(args: Parameters<VectorsApi['fillIndex']>[0]): Promise<void>;
  search(args: Parameters<VectorsApi['search']>[0]): Promise<number>;
  /** Share of the best by floats that are among as many best by bytes, over so many queries. */
  recall(args: { limit: number; queries: number }): Promise<number>;
  /** The same of vectors in a file, float32: with bytes beside floats, and by bytes alone, whose best are scored again. */
  recallOf(args: { file: number; limit: number }): ReturnType<VectorsApi['recallOf']>;
  searchImproved(args: { limit: number; grown: boolean }): Promise<number>;
  fillStore(args: { videos: number }): Promise<void>;
  /** Gives how many are left. */
  deleteSome(args: { videos: number }): Promise<number>;
  load(args: { by: 'packs' | 'rows'; videos: number }): Promise<number>;
  trainSteps(args: Parameters<TrainingApi['trainSteps']>[0]): ReturnType<TrainingApi['trainSteps']>;
  /** Opens a network on the graphics card; the reason where that cannot be. */
  openGraphics(args: { file: number }): ReturnType<GraphicsApi['open']>;
  runGraphics(args: Parameters<GraphicsApi['run']>[0]): ReturnType<GraphicsApi['run']>;
  /** 32-bit operations a second of the graphics card, at most. */
  graphicsPeak(): Promise<number>;
};

const extract = once(async () => connect<ExtractApi>(spawnWorkers.extract()));
const library = once(async () => connect<LibraryApi>(spawnWorkers.library()));
const parts = once(async () =>
  connect<PartsApi>(new Worker(new URL('./parts.worker.ts', import.meta.url), { type: 'module', name: 'parts' })),
);
const vectors = once(async () =>
  connect<VectorsApi>(new Worker(new URL('./vectors.worker.ts', import.meta.url), { type: 'module', name: 'vectors' })),
);
const transformers = once(async () =>
  connect<TransformersApi>(
    new Worker(new URL('./transformers.worker.ts', import.meta.url), { type: 'module', name: 'transformers' }),
  ),
);

const training = once(async () =>
  connect<TrainingApi>(
    new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
  ),
);
const graphics = once(async () =>
  connect<GraphicsApi>(
    new Worker(new URL('./graphics.worker.ts', import.meta.url), { type: 'module', name: 'graphics' }),
  ),
);

let videos: readonly VideoRecord[] | undefined;

function fileAt(position: number): File {
  const file = document.querySelector<HTMLInputElement>('#files')?.files?.[position];
  if (!file) throw new Error(`The input holds no file ${position}`);
  return file;
}

const bench: BenchPage = {
  async warmUp({ copy } = { copy: false }) {
    const { api } = await extract();
    await api.setBackend({ backend: 'wasm' });
    const model = resnet50.id;
    const made = (await api.models()).find((status) => status.model === model)?.copy;
    if (made) await api.switchModelCopy({ model, inUse: copy });
    else if (copy) await api.makeModelCopy({ model });
    return api.warmUp({ extractors: [resnet50.id] });
  },

  async index({ file: position, extractors: wanted = [resnet50.id] }) {
    const file = fileAt(position);
    const [{ api: extractor }, { api: store }] = [await extract(), await library()];
    const started = performance.now();
    const id = await extractor.identify({ file });
    const location = { folder: null, path: file.name, bytes: file.size, modified: file.lastModified };
    await store.enqueue({ files: [{ id, location }] });
    const extractionFrom = performance.now();
    const requests = extractors
      .filter(({ id }) => wanted.includes(id))
      .map(({ id, sampling }) => ({ extractor: id, sampling }));
    const extraction = await extractor.extract({ file, requests });
    if (extraction.features.length < wanted.length) throw new Error(`${file.name}: not all described it`);
    const extracted = performance.now();
    await store.put({ id, extraction });
    const ended = performance.now();
    return {
      whole: (ended - started) / 1000,
      extract: (extracted - extractionFrom) / 1000,
      network: extraction.timings.infer / 1000,
      frames: extraction.features[0]?.count ?? 0,
    };
  },

  async indexSeveral({ files, atOnce, extractors }) {
    const queue = new Map(files.map((file) => [`${file}`, file]));
    const ids = new Set(queue.keys());
    const started = performance.now();
    await workOff(ids, {
      signal: new AbortController().signal,
      ready: async () => undefined,
      atOnce,
      task: async (id) => {
        await bench.index({ file: queue.get(id) ?? 0, ...(extractors && { extractors }) });
        return 'fine';
      },
      onFirst: () => undefined,
      onDone: (id) => ids.delete(id),
    });
    return (performance.now() - started) / 1000 / files.length;
  },

  async addModel({ extractor, file }) {
    const { api } = await extract();
    await api.setBackend({ backend: 'wasm' });
    await api.addModel({ model: extractor, file: fileAt(file) });
    return api.warmUp({ extractors: [extractor] });
  },

  async hear({ file, by }) {
    const { api } = await extract();
    const { id, sampling } = by === 'yamnet' ? yamnet : audioStatistics;
    const { features, timings } = await api.extract({ file: fileAt(file), requests: [{ extractor: id, sampling }] });
    return { seconds: timings.total / 1000, moments: features[0]?.count ?? 0 };
  },

  probe: async ({ file }) => (await parts()).api.probe({ name: `${file}`, file: fileAt(file) }),
  decode: async ({ file, sampling = resnet50.sampling, by, probing }) =>
    (await parts()).api.decode({ name: `${file}`, sampling, by, probing }),
  async describe({ file, extractor, sampling }) {
    const { api } = await extract();
    const card = extractors.find(({ id }) => id === extractor);
    if (!card) throw new Error(`There is no extractor ${extractor}`);
    const request = { extractor, sampling: sampling ?? card.sampling };
    const { features, timings } = await api.extract({ file: fileAt(file), requests: [request] });
    return { seconds: timings.total / 1000, count: features[0]?.count ?? 0 };
  },
  colours: async ({ file }) => (await parts()).api.colours({ file: fileAt(file) }),

  async importVectors({ file }) {
    const { api } = await library();
    const { space, skipped } = await api.importFeatures({ file: fileAt(file) });
    if (skipped.length > 0) throw new Error(`${skipped.length} rows were skipped`);
    const [first] = await api.videos();
    // The first search loads the vectors.
    if (first)
      await api.rank({
        query: { kind: 'video', id: first.id },
        spaces: [{ key: space, weight: 1 }],
        ranking: originalRecipe,
        limit: 1,
      });
    return space;
  },

  async evaluate({ space }) {
    const { api } = await library();
    const { truth } = await api.readGroundTruth({ from: 'library' });
    const started = performance.now();
    const report = await api.evaluate({
      name: 'bench',
      truth,
      spaces: [{ key: space, weight: 1 }],
      protocol: { name: 'group-excluded' },
      scorer: { name: 'ranked', recipe: originalRecipe },
      settings: defaultSettings,
      leakage: false,
      original: false,
    });
    return {
      seconds: (performance.now() - started) / 1000,
      metrics: Object.fromEntries(report.summary.map(({ metric, micro }) => [metric, micro])),
      stages: report.runtime,
    };
  },

  async rank({ space, limit, ranking }) {
    const { api } = await library();
    videos ??= await api.videos();
    const { id = '' } = videos[Math.floor(Math.random() * videos.length)] ?? {};
    const started = performance.now();
    const matches = await api.rank({
      query: { kind: 'video', id },
      spaces: [{ key: space, weight: 1 }],
      ranking: presets[ranking],
      limit,
    });
    if (matches.length !== limit) throw new Error(`${matches.length} matches`);
    return (performance.now() - started) / 1000;
  },

  async reopen({ space }) {
    const { api } = connect<LibraryApi>(spawnWorkers.library());
    const started = performance.now();
    const [{ id = '' } = {}] = await api.videos();
    const read = performance.now();
    await api.rank({
      query: { kind: 'video', id },
      spaces: [{ key: space, weight: 1 }],
      ranking: originalRecipe,
      limit: 20,
    });
    return { records: (read - started) / 1000, first: (performance.now() - read) / 1000 };
  },

  async openTransformers({ network, pixels, threads }) {
    await (await transformers()).api.open({ network: fileAt(network), pixels: fileAt(pixels), threads });
  },
  runTransformers: async () => (await transformers()).api.run(),

  fillIndex: async (args) => (await vectors()).api.fillIndex(args),
  search: async (args) => (await vectors()).api.search(args),
  recall: async (args) => (await vectors()).api.recall(args),
  recallOf: async ({ file, limit }) => (await vectors()).api.recallOf({ file: fileAt(file), limit }),
  searchImproved: async (args) => (await vectors()).api.searchImproved(args),
  fillStore: async (args) => (await vectors()).api.fillStore(args),
  deleteSome: async (args) => (await vectors()).api.deleteSome(args),
  load: async (args) => (await vectors()).api.load(args),
  trainSteps: async (args) => (await training()).api.trainSteps(args),
  openGraphics: async ({ file }) => (await graphics()).api.open({ file: fileAt(file) }),
  runGraphics: async (args) => (await graphics()).api.run(args),
  graphicsPeak: async () => (await graphics()).api.peak(),
};

Object.assign(window, { bench });
