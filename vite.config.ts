import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { assemblyScript } from './scripts/assembly-script.ts';
import { securityHeaders } from './scripts/security-headers.ts';

// ISOLATION=off serves as a host without COOP and COEP would: no SharedArrayBuffer, one thread.
const isolated = process.env.ISOLATION !== 'off';

/** Networks hardly shrink, and the preview would spend a second a load on trying to compress one. */
const modelsUncompressed: Plugin = {
  name: 'models-uncompressed',
  configurePreviewServer({ middlewares }) {
    middlewares.use('/models', (request, _response, next) => {
      delete request.headers['accept-encoding'];
      next();
    });
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), assemblyScript(), modelsUncompressed],
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
