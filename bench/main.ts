import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from './browser';
import { machineLoad } from './machine-load';
import { measure, type Result, type Row } from './row';
import { classifyRow } from './rows/classify';
import { clipRows } from './rows/clips';
import { colourRow } from './rows/colour';
import { descriptorsRow } from './rows/descriptors';
import { entryRow } from './rows/entry';
import { evaluationPageRow, evaluationRow } from './rows/evaluation';
import { filmRows } from './rows/films';
import { graphicsRows } from './rows/graphics';
import { memoryRow } from './rows/memory';
import { soundRow } from './rows/sound';
import { loadRow, rankingRow, roundedSearchRow, searchRow, threadRows } from './rows/vectors';
import { printTable, resultLine, type Skipped } from './table';

const rows: readonly Row[] = [
  entryRow,
  ...clipRows,
  ...graphicsRows,
  ...filmRows,
  memoryRow,
  descriptorsRow,
  classifyRow,
  soundRow,
  colourRow,
  loadRow,
  searchRow,
  roundedSearchRow,
  ...threadRows,
  rankingRow,
  evaluationRow,
  evaluationPageRow,
];

/** Runs the named rows, or all that are not heavy, and prints how far each goal is met; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { all: { type: 'boolean' }, json: { type: 'boolean' }, rounds: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (unknown.length > 0 || (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))) {
    console.error(`npm run bench [-- name…] [--all] [--json] [--rounds N]`);
    console.error(`Rows: ${rows.map(({ name, heavy }) => (heavy ? `${name} (heavy)` : name)).join(', ')}`);
    return 2;
  }
  const chosen = rows.filter(({ name, heavy }) =>
    positionals.length > 0 ? positionals.includes(name) : values.all || !heavy,
  );
  const say = (line: string) => console.error(line);
  // The app's build takes model files from public/models.
  spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/fetch-models.mjs'), '--local-only'], {
    stdio: 'ignore',
  });
  const browser = await openBrowser();
  if (!browser) {
    say('No Chrome or Chromium, and none could be installed. Install one, or set CHROME_PATH.');
    return 1;
  }

  const before = machineLoad();
  say(`Load before: ${before}`);
  const results: Result[] = [];
  const skipped: Skipped[] = [];
  const failed: Skipped[] = [];
  try {
    for (const row of chosen) {
      say(`${row.name} …`);
      try {
        await browser.fresh(row.flags);
        const pair = await row.prepare(browser);
        if (typeof pair === 'string') skipped.push({ name: row.name, reason: pair });
        else {
          try {
            const result = await measure(row, pair, rounds ?? row.rounds);
            results.push(result);
            say(resultLine(result));
          } finally {
            await pair.close?.();
          }
        }
      } catch (error) {
        failed.push({ name: row.name, reason: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
      }
    }
  } finally {
    await browser.close();
  }
  const after = machineLoad();
  say(`Load after: ${after}`);
  if (values.json) console.log(JSON.stringify({ load: { before, after }, results, skipped, failed }, null, 2));
  else printTable(results, skipped);
  for (const { name, reason } of failed) say(`${name}: FAILED, ${reason}`);
  return failed.length > 0 ? 1 : 0;
}
