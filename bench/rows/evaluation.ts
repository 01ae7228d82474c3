import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app';
import { pythonWith, startPython } from '../peers/python';
import type { Row } from '../row';

const videos = 13_320;

type PeerAnswer = {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly numpy: string;
};

export const evaluationRow: Row = {
  name: 'evaluation',
  work: `${videos} x 2048 floats of 101 made-up classes, group-excluded: every metric, curve and 95 % interval, one thread`,
  peerName: 'numpy: BLAS, argsort, the same metrics, curves and intervals; one thread',
  goal: { atMost: 3 },
  heavy: true,
  rounds: 5,
  async prepare(browser) {
    const python = pythonWith('numpy');
    if (!python) return 'no Python with numpy is installed (Debian: python3-numpy)';
    const folder = mkdtempSync(join(tmpdir(), 'reelmatch-bench-'));
    const path = join(folder, 'vectors.npz');
    const peer = startPython(python, 'evaluation.py', `${videos}`, '2048', path);
    await peer.ask({ do: 'make' });
    await browser.setFiles([path]);
    const space = await browser.call('importVectors', { file: 0 });
    let ours: Awaited<ReturnType<typeof browser.call<'evaluate'>>> | undefined;
    let theirs: PeerAnswer | undefined;
    return {
      warmUp: async () => undefined,
      ours: async () => {
        ours = await browser.call('evaluate', { space });
        return ours.seconds;
      },
      peer: async () => {
        theirs = await peer.ask<PeerAnswer>({ do: 'evaluate' });
        return theirs.seconds;
      },
      notes: () => [
        `stages: ${(ours?.stages ?? []).map(({ stage, seconds }) => `${stage} ${seconds.toFixed(1)} s`).join(', ')}`,
        `numpy ${theirs?.numpy}; metrics differ by at most ${largestDifference(ours?.metrics ?? {}, theirs?.metrics ?? {}).toExponential(1)}; mAP ${ours?.metrics.ap?.toFixed(4)}`,
      ],
      close: () => {
        peer.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** A task that takes longer is felt. */
const felt = 0.05;

export const evaluationPageRow: Row = {
  name: 'evaluation-page',
  work: `longest task of the app's page while ${videos} x 2048 floats are evaluated by plain cosine`,
  peerName: 'a task that is felt',
  goal: { atMost: 1 },
  heavy: true,
  rounds: 3,
  async prepare() {
    const python = pythonWith('numpy');
    if (!python) return 'no Python with numpy is installed (Debian: python3-numpy)';
    const folder = mkdtempSync(join(tmpdir(), 'reelmatch-bench-'));
    const path = join(folder, 'vectors.npz');
    const maker = startPython(python, 'evaluation.py', `${videos}`, '2048', path);
    await maker.ask({ do: 'make' });
    maker.close();
    const app = await openApp();
    const { page } = app;
    // Asked seldom and simply: what a locator looks for would halt the page.
    const shown = (words: string) =>
      page.waitForFunction((text) => document.body.textContent?.includes(text), words, {
        polling: 500,
        timeout: 600_000,
      });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import features' }).click();
    await (await chooser).setFiles(path);
    await shown(`${videos.toLocaleString('en')} vectors imported`);
    const close = async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return {
      warmUp: async () => undefined,
      ours: async () => {
        await page.reload();
        await page.getByRole('link', { name: 'Evaluate', exact: true }).click();
        await page.getByRole('combobox', { name: 'Ranking', exact: true }).selectOption('original');
        await shown('101 classes');
        await app.longestTask();
        await page.getByRole('button', { name: 'Run evaluation' }).click();
        await shown('Runtime');
        await page.waitForFunction(() => !document.querySelector('[data-staged-more]'), undefined, { polling: 500 });
        return (await app.longestTask()) / 1000;
      },
      peer: async () => felt,
      notes: () => ['0 where none took 50 ms; from the press of the button until the report is drawn'],
      close,
    };
  },
};

/** Over the metrics of `a`; NaN where `b` lacks one. */
function largestDifference(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): number {
  return Math.max(...Object.entries(a).map(([metric, value]) => Math.abs(value - (b[metric] ?? Number.NaN))));
}
