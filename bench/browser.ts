import { type Browser, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { ensureChrome } from '../scripts/ensure-tools.mjs';
import type { BenchPage } from './page';
import { pageBuild } from './page-build';

type Method = keyof BenchPage;
type Answer<M extends Method> = Awaited<ReturnType<BenchPage[M]>>;

/** The app's production build in headless Chromium. */
export type BenchBrowser = {
  /** Begins anew: workers, memory and storage of earlier rows are gone. */
  fresh(): Promise<void>;
  setFiles(files: Parameters<Page['setInputFiles']>[1]): Promise<void>;
  call<M extends Method>(method: M, ...args: Parameters<BenchPage[M]>): Promise<Answer<M>>;
  /** Processor time of all the browser's processes so far, seconds. */
  processorTime(): Promise<number>;
  close(): Promise<void>;
};

/** Builds the bench page beside `dist`, serves it on a free port and opens it. Undefined where there is no Chrome. */
export async function openBrowser(): Promise<BenchBrowser | undefined> {
  const executablePath = await ensureChrome();
  if (!executablePath) return undefined;
  await build(pageBuild);
  const server = await preview(pageBuild);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return drive(browser, server);
}

async function drive(browser: Browser, server: PreviewServer): Promise<BenchBrowser> {
  const session = await browser.newBrowserCDPSession();
  const address = new URL('bench/page.html', server.resolvedUrls?.local[0]).href;
  let page = await browser.newPage();
  return {
    async fresh() {
      await page.context().close();
      page = await browser.newPage();
      page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error}`));
      await page.goto(address);
      await page.waitForFunction(() => 'bench' in window);
    },
    setFiles: (files) => page.setInputFiles('#files', files),
    call: (method, ...args) =>
      page.evaluate(
        ({ method, args }) => {
          const { bench } = window as unknown as { bench: Record<string, (...args: unknown[]) => Promise<never>> };
          return (bench[method] as (...args: unknown[]) => Promise<never>)(...args);
        },
        { method: method as string, args: args as unknown[] },
      ),
    async processorTime() {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
