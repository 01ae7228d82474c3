import { defineConfig } from 'vitest/config';
import { assemblyScript } from './scripts/assembly-script.ts';

/** Folders of plain functions, which keep nothing between calls: their tests may share a process. */
const plain = ['src/core/**/*.test.ts', 'src/extractors/**/*.test.ts', 'src/pages/**/*.test.{ts,tsx}'];

export default defineConfig({
  plugins: [assemblyScript()],
  test: {
    environment: 'node',
    // A busy machine is no failure.
    testTimeout: 30_000,
    maxWorkers: '100%',
    // Threads start sooner than processes.
    pool: 'threads',
    projects: [
      { extends: true, test: { name: 'plain', include: plain, isolate: false } },
      {
        extends: true,
        test: { name: 'others', include: ['{src,scripts}/**/*.test.{ts,tsx}'], exclude: plain },
      },
    ],
  },
});
