import { serial } from '../../core/async';
import { AppError } from '../../core/errors';
import type {
  ExtractorCard,
  Inference,
  ModelEntry,
  ModelInput,
  NetworkInput,
  NetworkOutput,
} from '../../extractors/extractor';
import type { InferenceStatus } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import { fixedBatches, runBatches, singleBatches } from './batches';
import { type BackendPreference, chooseDevice, type Device, type DeviceScope } from './device';
import { createJointRuns } from './joint-runs';
import { type FoundModel, loadModelFile } from './model-files';
import { modelInvalid } from './model-invalid';
import { guessInput, type InputPlan, inputOf } from './model-plan';
import { modelStore } from './model-store';
import { type NetworkWish, openNetwork, type Runtime } from './network';
import { openOnGpu, openOnWasm, type SelfTests, type TestedNetwork } from './open-tested';
import { makeEightBitCopy } from './quantise/eight-bit-copy';
import { keptCopies } from './quantise/kept-copies';
import { notQuantisable } from './quantise/quantise-network';
import { selfTest } from './self-test';

export type NetworkCard = Pick<ExtractorCard, 'id' | 'label' | 'dimensions'> & { readonly model: ModelEntry };

/** A network as a caller began to use it: should its file change, the caller's vectors would be of two spaces. */
type LentNetwork = { readonly id: string; readonly card: NetworkCard; readonly modelHash: string };

type Loaded = TestedNetwork & {
  readonly model: Omit<FoundModel, 'content'> & { readonly sha256: string };
  /** SHA-256, hex, of what runs: the model's, or that of its 8-bit copy. */
  readonly modelHash: string;
  /** Of networks that see pixels. */
  readonly input: ModelInput | undefined;
  readonly fallback: string | undefined;
};

type Environment = DeviceScope & { readonly crossOriginIsolated: boolean; readonly cores: number };

/** Loads networks and runs them, one call at a time (sessions cannot overlap: huggingface/transformers.js#909). */
export function createInference(environment: Environment) {
  const queue = serial();
  const loaded = new Map<string, Loaded>();
  const threads = environment.crossOriginIsolated ? Math.max(1, environment.cores) : 1;
  let preference: BackendPreference = 'auto';
  let device: Promise<Device> | undefined;
  let runtime: Promise<Runtime> | undefined;

  const currentDevice = () => (device ??= chooseDevice(preference, environment));
  const currentRuntime = () =>
    (runtime ??= startRuntime().catch((error: unknown) => {
      runtime = undefined;
      throw new AppError('inference-failed', 'ONNX Runtime could not be loaded.', {}, { cause: error });
    }));

  async function startRuntime(): Promise<Runtime> {
    const [{ createRuntime }, { backend }] = await Promise.all([import('./runtime'), currentDevice()]);
    return createRuntime(backend, threads);
  }

  async function load(card: NetworkCard, signal?: AbortSignal, testAgain = false): Promise<Loaded> {
    const known = loaded.get(card.id);
    if (known && !testAgain) return known;
    await release(card.id);
    const { content, ...model } = await loadModelFile(card.model, signal);
    const memory = await modelStore.memory(model.sha256);
    const copy = await keptCopies.load(card.model.file, model.sha256);
    const modelHash = copy?.sha256 ?? model.sha256;
    const tests: SelfTests = {
      known: (testAgain ? undefined : (copy ? await modelStore.memory(modelHash) : memory).tests) ?? {},
      keep: (tests) => modelStore.remember(modelHash, { tests }),
    };
    const file = { content: copy?.content ?? content, wish: wishOf(card), tests };
    const where = await currentDevice();
    const opened =
      where.backend !== 'webgpu'
        ? undefined
        : copy
          ? { reason: 'its 8-bit copy is in use' }
          : await openOnGpu(currentRuntime, where, file);
    const use = opened && 'network' in opened ? opened : await openOnWasm(currentRuntime, file);
    const { fixedBatch } = use.network.input;
    const layout = layoutOf(use.network.input);
    if (layout && !memory.layout) await modelStore.remember(model.sha256, { layout });
    const result: Loaded = {
      ...use,
      batches: fixedBatch ? fixedBatches(fixedBatch) : use.batches,
      model,
      modelHash,
      input: layout && { ...(memory.input ?? inputOf(card.model, layout)), layout },
      fallback:
        opened && 'reason' in opened ? `${card.label} runs on the processor: ${opened.reason}.` : where.fallback,
    };
    loaded.set(card.id, result);
    return result;
  }

  async function release(id: string): Promise<void> {
    const known = loaded.get(id);
    loaded.delete(id);
    await known?.network.release().catch(() => undefined);
  }

  /** A graphics device can be lost at any moment; the processor then takes over for the rest of this worker's life. */
  async function runOrMove(
    { card, modelHash }: LentNetwork,
    items: Float32Array,
    count: number,
    signal?: AbortSignal,
  ): Promise<NetworkOutput> {
    const { network, batches, modelHash: loadedHash } = await load(card, signal);
    if (loadedHash !== modelHash) {
      throw new AppError('inference-failed', `The network of ${card.label} was changed while it ran.`);
    }
    try {
      return await runBatches(network, items, count, batches, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (network.backend === 'wasm') throw inferenceFailed(error);
      device = Promise.resolve({ backend: 'wasm', fallback: 'The graphics card stopped answering.' });
      await release(card.id);
      const moved = await load(card, signal);
      return await runBatches(moved.network, items, count, moved.batches, signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw inferenceFailed(error);
      });
    }
  }

  const runJointly = createJointRuns<LentNetwork>({
    queue,
    largest: async ({ card }, signal) => Math.max(...(await load(card, signal)).batches.sizes),
    run: runOrMove,
  });

  return {
    /** Errors: the model codes, `inference-failed`. */
    lend: (card: NetworkCard, signal?: AbortSignal, urgent = false): Promise<Inference> =>
      queue(async () => {
        const { network, modelHash, input } = await load(card, signal);
        const lent = { id: `${card.id} ${modelHash}`, card, modelHash };
        return {
          modelHash,
          input: lentInput(network.input, input),
          dimensions: network.dimensions,
          run: (items, count) => runJointly({ card: lent, items, count, signal, urgent }),
        };
      }),

    /** Loads a network and runs it once, so that a GPU's programs are compiled before the first video. */
    warmUp: (card: NetworkCard): Promise<void> =>
      queue(async () => {
        const { network, batches, modelHash } = await load(card);
        if (batches === singleBatches) return;
        const size = network.input.fixedBatch ?? (network.backend === 'webgpu' ? 8 : 1);
        await runOrMove({ id: card.id, card, modelHash }, new Float32Array(size * network.itemLength), size);
      }),

    /** Refuses a file that is no network for this extractor. Errors: the model codes. */
    inspect: (card: NetworkCard, content: Uint8Array): Promise<void> =>
      queue(async () => {
        const network = await openNetwork(await currentRuntime(), content, 'wasm', wishOf(card));
        try {
          const once = fixedBatches(network.input.fixedBatch ?? 1);
          const result = await selfTest(network, network, once).catch((error: unknown) => {
            throw modelInvalid('it fails on an input of its own shape', error);
          });
          if (!result.passed) throw modelInvalid(`on a test input ${result.reason}`);
        } finally {
          await network.release();
        }
      }),

    /** Loads the network again and repeats the self-test. Errors: the model codes, `inference-failed`. */
    test: (card: NetworkCard): Promise<void> =>
      queue(async () => {
        await load(card, undefined, true);
      }),

    /** Makes an 8-bit copy of a network, and takes it into use. Errors: those of {@link makeEightBitCopy}, `storage-full`. */
    makeCopy: (card: NetworkCard, options: CallOptions): Promise<void> =>
      queue(async () => {
        const { input } = await load(card, options.signal);
        const { content, sha256 } = await loadModelFile(card.model, options.signal);
        if (!input) throw notQuantisable('it takes no pictures');
        const copy = await makeEightBitCopy(await currentRuntime(), content, wishOf(card), input, options);
        await keptCopies.keep(card.model.file, sha256, copy);
        await release(card.id);
      }),

    /** What is in memory of a model now. */
    loaded: (id: string) => {
      const known = loaded.get(id);
      return known && { model: known.model, input: known.input };
    },

    forget: (id: string): Promise<void> => queue(() => release(id)),

    setBackend: (next: BackendPreference): Promise<void> =>
      queue(async () => {
        preference = next;
        device = undefined;
        for (const id of [...loaded.keys()]) await release(id);
        runtime = undefined;
      }),

    async status(): Promise<InferenceStatus> {
      const { backend, adapter, fallback } = await currentDevice();
      const moved = [...loaded.values()].find(({ network }) => network.backend !== backend);
      const reason = moved?.fallback ?? fallback;
      const used = moved ? 'wasm' : backend;
      const isHalf = [...loaded.values()].some(({ halfFloats }) => halfFloats);
      return {
        backend: used,
        threads,
        simd: true,
        crossOriginIsolated: environment.crossOriginIsolated,
        ...(used === 'webgpu' && adapter && { adapter }),
        ...(used === 'webgpu' && isHalf && { halfFloats: true }),
        ...(reason && { fallback: reason }),
      };
    },
  };
}

export type InferenceEngine = ReturnType<typeof createInference>;

function wishOf({ model, dimensions }: NetworkCard): NetworkWish {
  return { accepts: model.accepts, dimensions };
}

function layoutOf(plan: InputPlan): ModelInput['layout'] | undefined {
  return 'layout' in plan ? plan.layout : undefined;
}

/** What the extractor is told; pixels come with how they are to be normalised. */
function lentInput(plan: InputPlan, pixels: ModelInput | undefined): NetworkInput {
  switch (plan.kind) {
    case 'picture':
    case 'clip': {
      const { width, height, layout } = plan;
      const input = { ...(pixels ?? guessInput(layout)), layout, width, height };
      return plan.kind === 'picture'
        ? { kind: plan.kind, ...input }
        : { kind: plan.kind, ...input, frames: plan.frames };
    }
    case 'patches':
      return { kind: plan.kind };
    case 'waveform':
      return { kind: plan.kind, samples: plan.samples };
    case 'tokens':
      return { kind: plan.kind, length: plan.length };
  }
}

function inferenceFailed(error: unknown): AppError {
  return new AppError('inference-failed', 'The network failed while running.', {}, { cause: error });
}
