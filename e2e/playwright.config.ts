import { defineConfig } from '@playwright/test';

const preview = (port: number, environment: Record<string, string> = {}) => ({
  command: `npx vite preview --port ${port} --strictPort`,
  cwd: '..',
  port,
  env: environment,
  reuseExistingServer: false,
});

const port = Number(process.env.E2E_PORT ?? 4317);

/** Specs that run real networks for minutes. Two at once fight for the cores and take three times as long. */
const networks = /(ablation|clip|evaluate|live|moments|motion|parity|sample-library|shots|sound|words)\.spec/;

/** Specs of the main job, of threads, and of what the app itself times: they get the whole machine. */
const threads = /(eight-bit|index-and-search|isolation|webgpu)\.spec/;

/** The whole of Chromium draws its own window and pages beside ours, which takes a third of a core: most specs run in its
 * headless shell, as is Playwright's own custom, and those of the main job in the whole. */
const launchOptions = (executablePath: string | undefined) => ({
  ...(executablePath && { executablePath }),
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
  ],
});
const chrome = process.env.CHROME_PATH;
const shell = { launchOptions: launchOptions(process.env.HEADLESS_SHELL_PATH ?? chrome) };

/** Runs against the production build in `dist`, served with the headers a host should send; the second port lacks COOP and COEP. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: false,
  workers: 2,
  projects: [
    { name: 'networks', testMatch: networks, workers: 1, use: shell },
    { name: 'others', testIgnore: [networks, threads], use: shell },
    { name: 'threads', testMatch: threads, workers: 1, use: { launchOptions: launchOptions(chrome) } },
  ],
  timeout: 420_000,
  expect: { timeout: 40_000 },
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? '../test-results/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    actionTimeout: 40_000,
    // Keeping a trace of every test takes a good part of its time.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
  },
  webServer: [preview(port), preview(port + 1, { ISOLATION: 'off' })],
});
