import type { InferenceSession } from 'onnxruntime-web/webgpu';
import { describe, expect, it, vi } from 'vitest';
import { tinyNetwork } from '../../../e2e/fixtures/tiny-network';
import { gpuBatches } from './batches';
import type { Backend } from './device';
import { nativeRuntime } from './native-runtime.fixture';
import type { Runtime } from './network';
import { readOnnx } from './onnx-model';
import { openOnGpu } from './open-tested';
import type { SelfTestResult } from './self-test';

const isHalf = (model: Uint8Array) => [...readOnnx(model).initialisers.keys()].some((name) => name.endsWith('/half'));

type Card = { readonly full: number; readonly half: number; readonly zeros?: boolean; readonly fails?: boolean };

/** The native runtime as one of a graphics card that takes so many milliseconds more a run. */
function card({ full, half, zeros = false, fails = false }: Card) {
  const opened: string[] = [];
  const runtime: Runtime = {
    ...nativeRuntime,
    async open(model: Uint8Array, backend: Backend) {
      const inHalf = isHalf(model);
      const session = await nativeRuntime.open(model, backend);
      if (backend === 'wasm') return session;
      opened.push(inHalf ? 'half' : 'full');
      if (inHalf && fails) throw new Error('no such shader');
      const run = session.run.bind(session) as (...args: unknown[]) => Promise<InferenceSession.OnnxValueMapType>;
      session.run = async (...args: unknown[]) => {
        const results = await run(...args);
        await new Promise((resolve) => setTimeout(resolve, inHalf ? half : full));
        if (inHalf && zeros) for (const { data } of Object.values(results)) (data as Float32Array).fill(0);
        return results;
      };
      return session;
    },
  };
  return { runtime: async () => runtime, opened };
}

function memory() {
  const known: Record<string, SelfTestResult> = {};
  return { known, keep: async (tests: Readonly<Record<string, SelfTestResult>>) => void Object.assign(known, tests) };
}

const gpu = { adapter: 'nvidia ampere', halfFloats: true } as const;
const wish = { accepts: ['picture'], dimensions: 2048 } as const;

describe('openOnGpu', () => {
  it('takes 16-bit floats where they are faster, and remembers that', async () => {
    const tests = memory();
    const { runtime, opened } = card({ full: 150, half: 0 });
    const file = { content: tinyNetwork(), wish, tests };
    expect(await openOnGpu(runtime, gpu, file)).toMatchObject({ halfFloats: true, batches: gpuBatches });
    expect(opened).toEqual(['full', 'half']);
    expect(await openOnGpu(runtime, gpu, file)).toMatchObject({ halfFloats: true });
    expect(opened).toEqual(['full', 'half', 'half']);
    const other = { adapter: 'intel gen-12', halfFloats: true } as const;
    await openOnGpu(runtime, other, file);
    expect(opened.slice(3), 'another card is tested for itself').toEqual(['full', 'half']);
  });

  it.each([
    ['are no faster', card({ full: 0, half: 150 })],
    ['give zeros', card({ full: 150, half: 0, zeros: true })],
    ['cannot be started', card({ full: 150, half: 0, fails: true })],
  ])('keeps 32-bit floats where those of 16 bits %s, and remembers that', async (_, { runtime, opened }) => {
    vi.spyOn(console, 'warn').mockReturnValue();
    const file = { content: tinyNetwork(), wish, tests: memory() };
    for (let i = 0; i < 2; i++) {
      const found = await openOnGpu(runtime, gpu, file);
      expect(found).toMatchObject({ batches: gpuBatches });
      expect(found).not.toHaveProperty('halfFloats');
    }
    expect(opened).toEqual(['full', 'half', 'full']);
  });

  it('tries none on a card that has no 16-bit floats', async () => {
    const { runtime, opened } = card({ full: 150, half: 0 });
    await openOnGpu(runtime, { adapter: 'old' }, { content: tinyNetwork(), wish, tests: memory() });
    expect(opened).toEqual(['full']);
  });
});
