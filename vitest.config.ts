import { defineConfig } from 'vitest/config';
import { assemblyScript } from './scripts/assembly-script.ts';

export default defineConfig({
  plugins: [assemblyScript()],
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    environment: 'node',
    // A busy machine is no failure.
    testTimeout: 30_000,
  },
});
