// `npm run bench:scale [-- clips…] [--without descriptor…] [--vectors n…] [--library n…] [--json]`. Vite loads the
// TypeScript: the oldest Node that is supported cannot.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// Loading would set it to development, and the app would be built so.
process.env.NODE_ENV = 'production';
const { module } = await runnerImport(fileURLToPath(new URL('scale.ts', import.meta.url)), { configFile: false });
process.exitCode = await module.main(process.argv.slice(2));
