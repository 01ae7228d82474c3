import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';

const betweenLooks = 50;
const betweenLines = 10_000;
const patience = 180_000;

/** Waits until the library page says that all `count` videos are indexed; gives the page's own time then, milliseconds
 * since it was opened. Says how far it is every ten seconds, with what `more` adds. Rejects with what the page shows
 * where a video failed, where it shows the same for three minutes, and where it does not answer for as long. */
export async function untilIndexed(page: Page, count: number, more?: () => string): Promise<number> {
  const started = Date.now();
  let moved = { text: '', at: started };
  let told = { indexed: 0, at: started };
  for (;;) {
    const { summary, queue, now } = await look(page);
    const [indexed, failed] = [countIn(summary, 'indexed'), countIn(summary, 'failed')];
    if (indexed >= count) return now;
    const at = Date.now();
    const words = `the page shows "${summary}" and "${queue}"`;
    if (failed > 0) throw new Error(`A clip failed: ${words}`);
    if (summary + queue !== moved.text) moved = { text: summary + queue, at };
    if (at - moved.at > patience) throw new Error(`Nothing moved for ${patience / 1000} seconds: ${words}`);
    if (at - told.at > betweenLines) {
      const pace =
        indexed > told.indexed ? `${((at - told.at) / (indexed - told.indexed)).toFixed(0)} ms each` : 'none';
      const seconds = ((at - started) / 1000).toFixed(0);
      const parts = [`${indexed} of ${count} indexed`, `lately ${pace}`, ...(more ? [more()] : []), queue];
      console.error(`  ${seconds} s: ${parts.join(', ')}`);
      told = { indexed, at };
    }
    await sleep(betweenLooks);
  }
}

async function look(page: Page) {
  const shown = page.evaluate(() => {
    const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    return {
      summary: textOf('[aria-label="Library summary"]'),
      queue: textOf('#indexing-queue + span'),
      now: performance.now(),
    };
  });
  const hung = new AbortController();
  const timeUp = sleep(patience, undefined, { signal: hung.signal }).catch(() => undefined);
  const answer = await Promise.race([shown, timeUp]).finally(() => hung.abort());
  if (!answer) throw new Error(`The page did not answer for ${patience / 1000} seconds`);
  return answer;
}

/** In `N videos, N indexed, N failed, N waiting`. */
function countIn(summary: string, word: string): number {
  return Number(new RegExp(`([\\d,]+) ${word}`).exec(summary)?.[1]?.replaceAll(',', '') ?? 0);
}
