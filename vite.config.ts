import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { assemblyScript } from './scripts/assembly-script.ts';
import { securityHeaders } from './scripts/security-headers.ts';

// ISOLATION=off serves as a host without COOP and COEP would: no SharedArrayBuffer, one thread.
const isolated = process.env.ISOLATION !== 'off';

/** On the machine itself compressing takes longer than sending: a second of each load for ResNet-50. */
const uncompressedPreview: Plugin = {
  name: 'uncompressed-preview',
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      delete request.headers['accept-encoding'];
      next();
    });
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), assemblyScript(), uncompressedPreview],
  worker: { format: 'es', plugins: () => [assemblyScript()] },
  build: {
    target: 'es2023',
    // Browsers with light-dark(): taken apart for older ones, it is empty without a fixed color-scheme.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    manifest: true,
    chunkSizeWarningLimit: 1000,
    assetsInlineLimit: 0,
  },
  optimizeDeps: { exclude: ['@ffmpeg/ffmpeg', 'onnxruntime-web'] },
  server: { headers: securityHeaders({ development: true, isolated }) },
  preview: { headers: securityHeaders({ isolated }) },
});
