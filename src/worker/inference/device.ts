export type Backend = 'webgpu' | 'wasm';
export type BackendPreference = 'auto' | 'wasm' | 'webgpu';

export type Device = {
  readonly backend: Backend;
  /** Name of the GPU; absent on WASM. */
  readonly adapter?: string;
  /** The GPU computes in 16-bit floats too. */
  readonly halfFloats?: true;
  /** Why a GPU is not used although nobody asked for that, in plain words. */
  readonly fallback?: string;
};

/** The part of WebGPU that is asked here (TypeScript's worker library may lack it). */
type Adapter = {
  readonly isFallbackAdapter?: boolean;
  readonly features?: ReadonlySet<string>;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
};
export type DeviceScope = {
  readonly userAgent: string;
  readonly gpu?: { requestAdapter(): Promise<Adapter | null> };
};

const softwareAdapter = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/** Picks what runs the networks. `auto` wants a real GPU; `webgpu` takes a software adapter and Safari as well. */
export async function chooseDevice(preference: BackendPreference, scope: DeviceScope): Promise<Device> {
  if (preference === 'wasm') return { backend: 'wasm' };
  // WebGPU in Safari 26 loses devices and memory: microsoft/onnxruntime#26827, #27584.
  if (preference === 'auto' && isSafari(scope.userAgent)) {
    return { backend: 'wasm', fallback: 'WebGPU in Safari has been unreliable, so the processor is used.' };
  }
  if (!scope.gpu) return { backend: 'wasm', fallback: 'This browser has no WebGPU.' };
  const adapter = await scope.gpu.requestAdapter().catch(() => null);
  if (!adapter) return { backend: 'wasm', fallback: 'The browser found no graphics adapter.' };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [description, device, vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  const software = Boolean(isFallbackAdapter ?? adapter.isFallbackAdapter) || softwareAdapter.test(name);
  if (software && preference === 'auto') {
    return { backend: 'wasm', fallback: 'The only graphics adapter is emulated in software, which is slower.' };
  }
  return { backend: 'webgpu', adapter: name, ...(adapter.features?.has('shader-f16') && { halfFloats: true }) };
}

/** Every browser on iOS is Safari underneath. */
function isSafari(userAgent: string): boolean {
  if (/iPhone|iPad|iPod/.test(userAgent)) return true;
  return /AppleWebKit/.test(userAgent) && !/Chrome|Chromium|Edg|Android/.test(userAgent);
}
