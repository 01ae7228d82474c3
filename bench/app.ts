import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { ensureTools } from '../scripts/ensure-tools.mjs';
import { once } from '../src/core/async';

const root = join(import.meta.dirname, '..');
const outDir = join(root, '.cache/bench-app');

/** The app as it is shipped, in Chromium, in a profile on disk, as a person's browser has it: one that keeps nothing holds
 * its storage in memory. */
export type App = {
  readonly page: Page;
  /** Where the profile lies, which the command line of the app's renderer names. */
  readonly profile: string;
  /** Longest task of the page, milliseconds, since the last call or the page was opened; 0 where none took 50. */
  longestTask(): Promise<number>;
  close(): Promise<void>;
};

const buildApp = once(() => build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } }));

/** Opens the library page. `extractorsOff`: descriptors that the person has switched off. Rejects where there is no Chrome. */
export async function openApp({ extractorsOff = [] }: { extractorsOff?: readonly string[] } = {}): Promise<App> {
  const { chrome } = await ensureTools();
  if (!chrome) throw new Error('no Chrome or Chromium is installed');
  await buildApp();
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 4660, host: 'localhost' },
  });
  const profile = mkdtempSync(join(tmpdir(), 'reelmatch-app-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: chrome, args: ['--no-sandbox'] });
  const close = async () => {
    await context.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error}`));
    await page.addInitScript((extractorsOff) => {
      localStorage.setItem('reelmatch-preferences', JSON.stringify({ state: { extractorsOff }, version: 1 }));
      const kept = { longest: 0 };
      Object.assign(window, { kept });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
      }).observe({ type: 'longtask', buffered: true });
    }, extractorsOff);
    await page.goto(`${server.resolvedUrls?.local[0]}#/library`);
    await page.getByRole('status', { name: 'Library summary' }).waitFor();
    return { page, profile, close, longestTask: () => longestTask(page) };
  } catch (error) {
    await close();
    throw error;
  }
}

const longestTask = (page: Page) =>
  page.evaluate(() => {
    const { kept } = window as unknown as { kept: { longest: number } };
    const { longest } = kept;
    kept.longest = 0;
    return longest;
  });
