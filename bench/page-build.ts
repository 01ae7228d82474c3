import { resolve } from 'node:path';
import { mergeConfig } from 'vite';
import app from '../vite.config';

const root = resolve(import.meta.dirname, '..');

/** The app's build and headers around the bench page, in a folder of its own. */
export const pageBuild = mergeConfig(app, {
  configFile: false,
  root,
  logLevel: 'error',
  build: {
    outDir: resolve(root, '.cache/bench'),
    emptyOutDir: true,
    manifest: false,
    rolldownOptions: { input: resolve(root, 'bench/page.html') },
  },
  preview: { port: 4650, host: 'localhost' },
});
