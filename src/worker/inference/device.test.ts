import { describe, expect, it } from 'vitest';
import { chooseDevice, type DeviceScope } from './device';

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1';

function scope(adapter: Awaited<ReturnType<NonNullable<DeviceScope['gpu']>['requestAdapter']>>, userAgent = chrome) {
  return { userAgent, gpu: { requestAdapter: async () => adapter } };
}
const real = { info: { vendor: 'nvidia', architecture: 'ampere', isFallbackAdapter: false } };
const software = { info: { vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: true } };

describe('chooseDevice', () => {
  it('takes a real GPU', async () => {
    expect(await chooseDevice('auto', scope(real))).toEqual({ backend: 'webgpu', adapter: 'nvidia ampere' });
    const features = new Set(['shader-f16']);
    expect(await chooseDevice('auto', scope({ ...real, features }))).toMatchObject({ halfFloats: true });
  });

  it.each([
    ['a software adapter', scope(software)],
    ['a software adapter of an older browser', scope({ isFallbackAdapter: true })],
    ['an unmarked software adapter', scope({ info: { description: 'llvmpipe (LLVM 17)' } })],
    ['no adapter', scope(null)],
    ['no WebGPU', { userAgent: chrome }],
    ['Safari', scope(real, safari)],
    ['any browser on an iPhone', scope(real, iphone)],
  ])('falls back to WASM with a reason: %s', async (_, where) => {
    expect(await chooseDevice('auto', where)).toEqual({ backend: 'wasm', fallback: expect.stringMatching(/\.$/) });
  });

  it('takes any adapter when told to, and WASM without a reason', async () => {
    expect(await chooseDevice('webgpu', scope(software))).toEqual({
      backend: 'webgpu',
      adapter: 'google swiftshader',
    });
    expect((await chooseDevice('webgpu', scope(real, safari))).backend).toBe('webgpu');
    expect(await chooseDevice('wasm', scope(real))).toEqual({ backend: 'wasm' });
  });
});
