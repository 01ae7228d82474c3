import { AppError } from '../../core/errors';
import { type BatchRule, fixedBatches, gpuBatches, singleBatches, wasmBatches } from './batches';
import { compareNetworks, leastTimesFaster } from './compare-networks';
import type { Device } from './device';
import { inHalfFloats } from './half-floats';
import { modelInvalid } from './model-invalid';
import { type Network, type NetworkWish, openNetwork, type Runtime } from './network';
import { type SelfTestResult, selfTest, testItems } from './self-test';

/** A network that passed its self-test where it runs. */
export type TestedNetwork = { readonly network: Network; readonly batches: BatchRule; readonly halfFloats?: true };

/** What is known of a network's self-tests, by device, and how more is kept. */
export type SelfTests = {
  readonly known: Readonly<Record<string, SelfTestResult>>;
  keep(tests: Readonly<Record<string, SelfTestResult>>): Promise<void>;
};

type NetworkFile = { readonly content: Uint8Array; readonly wish: NetworkWish; readonly tests: SelfTests };

/** Part of the key of remembered self-tests: raised when the tests or the runtime change. */
const testVersion = 'ort-1.30.0/3';

/** The processor computes any number of items by the same code: two show whether the network mixes them up. */
const processorTest: BatchRule = { sizes: [2], pad: false };

const comparedItems = 8;

/** Opens a network on a graphics card, in 16-bit floats where that is faster there; gives the reason where it cannot be
 * used there. */
export async function openOnGpu(
  runtime: () => Promise<Runtime>,
  { adapter, halfFloats }: Pick<Device, 'adapter' | 'halfFloats'>,
  { content, wish, tests }: NetworkFile,
): Promise<TestedNetwork | { readonly reason: string }> {
  const key = `webgpu ${adapter} ${testVersion}`;
  const halfKey = `${key} shader-f16`;
  const before = tests.known[key];
  const sorry = (why: string) => ({ reason: `on the graphics card ${why}` });
  if (before && !before.passed) return sorry(before.reason);
  let network: Network | undefined;
  try {
    const ort = await runtime();
    if (halfFloats && before && tests.known[halfKey]?.passed) {
      return { network: await openInHalfFloats(ort, content, wish), batches: gpuBatches, halfFloats };
    }
    network = await openNetwork(ort, content, 'webgpu', wish);
    let result: SelfTestResult | undefined = before;
    if (!result) {
      const reference = await openNetwork(ort, content, 'wasm', wish);
      result = await selfTest(network, reference, ruleFor(network, gpuBatches)).finally(() => reference.release());
      await tests.keep({ [key]: result });
    }
    if (!result.passed) {
      await network.release();
      return sorry(result.reason);
    }
    if (result.slow) return { network, batches: singleBatches };
    if (!halfFloats || tests.known[halfKey]) return { network, batches: gpuBatches };
    const half = await tryInHalfFloats(ort, network, halfKey, { content, wish, tests });
    if (!half) return { network, batches: gpuBatches };
    await network.release();
    return { network: half, batches: gpuBatches, halfFloats };
  } catch (error) {
    // Whatever goes wrong on a GPU, the processor is tried; a fault of the file shows again there.
    await network?.release().catch(() => undefined);
    console.warn(error);
    return sorry('it could not be started');
  }
}

async function openInHalfFloats(runtime: Runtime, content: Uint8Array, wish: NetworkWish): Promise<Network> {
  const halving: Runtime = {
    ...runtime,
    open: async (model, backend) => {
      const half = await inHalfFloats(runtime, model);
      if (!half) throw new AppError('model-operator-unsupported', 'It has operators that are not known in 16 bits.');
      return runtime.open(half, backend);
    },
  };
  return openNetwork(halving, content, 'webgpu', wish);
}

/** The network in 16-bit floats on the same graphics card; undefined where it is not faster, or not alike. */
async function tryInHalfFloats(
  runtime: Runtime,
  network: Network,
  key: string,
  { content, wish, tests }: NetworkFile,
): Promise<Network | undefined> {
  let half: Network | undefined;
  try {
    half = await openInHalfFloats(runtime, content, wish);
    const result = await testHalfFloats(half, network);
    await tests.keep({ [key]: result });
    if (result.passed) return half;
  } catch (error) {
    // Drivers that have the feature, and fail by it.
    console.warn(error);
    await tests.keep({ [key]: { passed: false, reason: 'it could not be started in 16-bit floats' } });
  }
  await half?.release().catch(() => undefined);
  return undefined;
}

async function testHalfFloats(half: Network, network: Network): Promise<SelfTestResult> {
  const result = await selfTest(half, network, ruleFor(network, gpuBatches));
  if (!result.passed) return result;
  const count = network.input.fixedBatch ?? comparedItems;
  const items = testItems(network.input.kind, count, network.itemLength);
  const { timesFaster } = await compareNetworks(network, half, items, count);
  if (timesFaster >= leastTimesFaster) return result;
  return { passed: false, reason: `in 16-bit floats it is ${timesFaster.toFixed(2)} times as fast` };
}

/** Opens a network on the processor. Errors: the model codes, `inference-failed`. */
export async function openOnWasm(
  runtime: () => Promise<Runtime>,
  { content, wish, tests }: NetworkFile,
): Promise<TestedNetwork> {
  const network = await openNetwork(await runtime(), content, 'wasm', wish);
  const key = `wasm ${testVersion}`;
  if (!tests.known[key]?.passed) {
    const result = await selfTest(network, network, ruleFor(network, processorTest)).catch(async (error: unknown) => {
      await network.release();
      throw new AppError('inference-failed', 'The network fails on a test input.', {}, { cause: error });
    });
    if (!result.passed) {
      await network.release();
      throw modelInvalid(`on a test input ${result.reason}`);
    }
    await tests.keep({ [key]: result });
  }
  return { network, batches: wasmBatches };
}

function ruleFor({ input }: Network, otherwise: BatchRule): BatchRule {
  return input.fixedBatch ? fixedBatches(input.fixedBatch) : otherwise;
}
