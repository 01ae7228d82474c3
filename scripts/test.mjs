/**
 * `npm test`: installs what the tests need, then types, lint, dead exports, entry size, unit and end-to-end tests.
 * Ends with `N passed, N failed` (and `, N skipped`). `--full` adds the long tests.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools } from './ensure-tools.mjs';

const full = process.argv.includes('--full');
const reports = mkdtempSync(join(tmpdir(), 'reelmatch-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

/** What took how long, seconds. */
const took = [];
const began = Date.now();
const seconds = (since) => Math.round((Date.now() - since) / 1000);

async function run(command, args, { env = {}, name = args[0] } = {}) {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const since = Date.now();
  const succeeded = await new Promise((resolve) => {
    spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
      .on('close', (status) => resolve(status === 0))
      .on('error', () => resolve(false));
  });
  took.push(`${name} ${seconds(since)}`);
  return succeeded;
}

/** A step that counts as one check. */
async function check(name, command, args) {
  if (await run(command, args)) totals.passed += 1;
  else {
    totals.failed += 1;
    console.error(`FAILED: ${name}`);
  }
}

function count({ passed, failed, skipped }, succeeded, name) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  if (!succeeded && failed === 0) {
    totals.failed += 1;
    console.error(`FAILED: ${name} ended with an error outside its tests`);
  }
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

async function unitTests(python) {
  const path = join(reports, 'unit.json');
  const succeeded = await run(
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`],
    { env: python ? { NUMPY_PYTHON: python } : {} },
  );
  const report = readReport(path);
  count(
    {
      passed: report?.numPassedTests ?? 0,
      failed: report?.numFailedTests ?? 0,
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    },
    succeeded,
    'unit tests',
  );
}

/** The cores that this process may run on, in two halves; none where there is one core, or the system cannot tell. */
function halvesOfCores() {
  const status = '/proc/self/status';
  if (!existsSync(status) || spawnSync('taskset', ['-V']).status !== 0) return [];
  const allowed = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? '';
  const cores = allowed.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  const half = Math.floor(cores.length / 2);
  return half > 0 ? [cores.slice(0, half), cores.slice(half)] : [];
}

/**
 * One project of the end-to-end tests, on these cores alone where the system can hold it to them: a browser that shares
 * its cores with another one's threads is slowed down many times over.
 */
async function endToEndTests(project, { tools, port, cores }) {
  const path = join(reports, `${project}.json`);
  const command = ['npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts'];
  const options = ['--project', project, '--workers', '1', '--output', `test-results/${project}`];
  const [program, ...args] = [...(cores ? ['taskset', '-c', cores.join(',')] : []), ...command, ...options];
  const env = { ...tools, E2E_PORT: String(port), PLAYWRIGHT_JSON_OUTPUT_NAME: path };
  const succeeded = await run(program, args, { env, name: project });
  const stats = readReport(path)?.stats;
  count(
    {
      passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
      failed: stats?.unexpected ?? 0,
      skipped: stats?.skipped ?? 0,
    },
    succeeded,
    `end-to-end tests of ${project}`,
  );
}

async function staticChecks() {
  await run('node', ['scripts/fetch-models.mjs', '--local-only']);
  await check('types', 'npx', ['tsc', '-b']);
  await check('lint and format', 'npx', ['biome', 'ci', '.']);
  await check('dead files, exports and dependencies', 'npx', ['knip']);
  await check('build', 'npx', ['vite', 'build']);
  await check('entry size', 'npx', ['size-limit']);
}

const shared = existsSync(join(import.meta.dirname, '../../shared/videos'));
console.log(
  shared
    ? 'Real clips and models: found beside the checkout; they are required to pass.'
    : 'Real clips and models: not beside the checkout; the journeys run on generated clips and a tiny network.',
);

const [{ chrome, shell, ffmpeg, python }] = await Promise.all([ensureTools(), staticChecks()]);
if (!chrome) {
  console.error(
    'No Chrome or Chromium, and none could be installed. Install one (for example `npx playwright install chromium`, ' +
      'or as root `apt-get install chromium`), or set CHROME_PATH, and run `npm test` again.',
  );
  console.log(`${totals.passed} passed, ${totals.failed + 1} failed`);
  process.exit(1);
}
if (!ffmpeg)
  console.warn('No native ffmpeg, and none could be installed: the comparison with it is skipped. Install `ffmpeg`.');
if (!python) console.warn('No Python with numpy: the comparison with it is skipped. Install `python3-numpy`.');
await unitTests(python);

const tools = {
  CHROME_PATH: chrome,
  ...(shell && { HEADLESS_SHELL_PATH: shell }),
  ...(python && { NUMPY_PYTHON: python }),
  ...(ffmpeg && { NATIVE_FFMPEG: '1' }),
  ...(full && { TEST_FULL: '1' }),
};
const [first, second] = halvesOfCores();
await Promise.all([
  endToEndTests('networks', { tools, port: 4317, cores: first }),
  endToEndTests('others', { tools, port: 4327, cores: second }),
]);
await endToEndTests('threads', { tools, port: 4317 });
rmSync(reports, { recursive: true, force: true });

console.log(`\nSeconds: ${took.join(', ')}; ${seconds(began)} in all`);
console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
