import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { ensureTools } from '../scripts/ensure-tools.mjs';
import { rendererMegabytes } from '../scripts/renderer-memory';
import type { BenchPage } from './page';
import { pageBuild } from './page-build';

type Method = keyof BenchPage;
type Answer<M extends Method> = Awaited<ReturnType<BenchPage[M]>>;

/** The app's production build in headless Chromium. */
export type BenchBrowser = {
  /** Begins anew: workers, memory and storage of earlier rows are gone. `flags` are the browser's, beside the usual. */
  fresh(flags?: readonly string[]): Promise<void>;
  setFiles(files: Parameters<Page['setInputFiles']>[1]): Promise<void>;
  call<M extends Method>(method: M, ...args: Parameters<BenchPage[M]>): Promise<Answer<M>>;
  /** Resident memory of the renderer, workers included, MB. */
  megabytes(): number;
  /** Processor time of all the browser's processes so far, seconds. */
  processorTime(): Promise<number>;
  close(): Promise<void>;
};

/** Builds the bench page beside `dist`, serves it on a free port and opens it. Undefined where there is no Chrome. */
export async function openBrowser(): Promise<BenchBrowser | undefined> {
  const { chrome: executablePath } = await ensureTools();
  if (!executablePath) return undefined;
  await build(pageBuild);
  return drive(executablePath, await preview(pageBuild));
}

/** Each time in a new profile on disk, as a person's browser has it: one that keeps nothing holds its storage in memory. */
function drive(executablePath: string, server: PreviewServer): BenchBrowser {
  const address = new URL('bench/page.html', server.resolvedUrls?.local[0]).href;
  let opened: { readonly context: BrowserContext; readonly page: Page; readonly profile: string } | undefined;
  const current = () => {
    if (!opened) throw new Error('The page is not open');
    return opened;
  };
  const end = async () => {
    await opened?.context.close();
    if (opened) rmSync(opened.profile, { recursive: true, force: true, maxRetries: 5 });
    opened = undefined;
  };
  return {
    async fresh(flags = []) {
      await end();
      const profile = mkdtempSync(join(tmpdir(), 'reelmatch-bench-'));
      const context = await chromium.launchPersistentContext(profile, {
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          ...flags,
        ],
      });
      const page = context.pages()[0] ?? (await context.newPage());
      opened = { context, page, profile };
      page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error}`));
      await page.goto(address);
      await page.waitForFunction(() => 'bench' in window);
    },
    setFiles: (files) => current().page.setInputFiles('#files', files),
    call: (method, ...args) =>
      current().page.evaluate(
        ({ method, args }) => {
          const { bench } = window as unknown as { bench: Record<string, (...args: unknown[]) => Promise<never>> };
          return (bench[method] as (...args: unknown[]) => Promise<never>)(...args);
        },
        { method: method as string, args: args as unknown[] },
      ),
    megabytes: () => rendererMegabytes(current().profile),
    async processorTime() {
      const session = await current().context.browser()?.newBrowserCDPSession();
      const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
      await session?.detach();
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    },
    async close() {
      await end();
      await server.close();
    },
  };
}
