import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const quiet = { stdio: 'ignore' };
const found = (command, args = ['-version']) => spawnSync(command, args, quiet).status === 0;
const isRoot = process.getuid?.() === 0;

/** Whether a command ended well, run beside whatever else goes on. */
const succeeds = (command, args, options) =>
  new Promise((resolve) => {
    spawn(command, args, options)
      .on('close', (status) => resolve(status === 0))
      .on('error', () => resolve(false));
  });

/** Installs Debian packages when that is possible here: as root, with apt. */
async function aptInstall(packages) {
  if (packages.length === 0 || !isRoot || !found('apt-get', ['--version'])) return;
  console.log(`Installing ${packages.join(', ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await succeeds('apt-get', ['update', '-qq'], { ...quiet, env });
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  await succeeds('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

async function playwrightChromium() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

async function presentChrome() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const fixed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const present = names.find((name) => found(name, ['--version'])) ?? fixed.find((path) => existsSync(path));
  return present ? absolute(present) : await playwrightChromium();
}

function absolute(command) {
  if (command.startsWith('/')) return command;
  const { stdout } = spawnSync('which', [command], { encoding: 'utf8' });
  return stdout.trim() || command;
}

const shellName = 'chromium-headless-shell';
const presentShell = () => (found(shellName, ['--version']) ? absolute(shellName) : undefined);
const presentFfmpeg = () => found('ffmpeg') && found('ffprobe');
const presentNumpy = () => ['python3', '/usr/bin/python3'].find((python) => found(python, ['-c', 'import numpy']));

let ensured;

/**
 * What tests and measurements need, installed where it is missing and that is possible.
 * `chrome`: path of a Chrome or Chromium (`CHROME_PATH` decides if set); `shell`: path of Chromium's headless shell, where
 * Chrome itself need not do; `ffmpeg`: whether native `ffmpeg` and `ffprobe` are here; `python`: one with numpy.
 * Undefined or false: not to be had.
 */
export const ensureTools = () => {
  ensured ??= findOrInstall();
  return ensured;
};

async function findOrInstall() {
  const asked = process.env.CHROME_PATH;
  let chrome = asked ?? (await presentChrome());
  if (!chrome) {
    console.log('No Chrome or Chromium found; asking Playwright for one …');
    await succeeds('npx', ['playwright', 'install', 'chromium'], { ...quiet, timeout: 300_000 });
    chrome = await playwrightChromium();
  }
  await aptInstall([
    ...(chrome ? [] : ['chromium', 'fonts-liberation']),
    ...(asked || presentShell() ? [] : [shellName]),
    ...(presentFfmpeg() ? [] : ['ffmpeg']),
    ...(presentNumpy() ? [] : ['python3-numpy']),
  ]);
  return {
    chrome: chrome ?? (await presentChrome()),
    shell: asked ? undefined : presentShell(),
    ffmpeg: presentFfmpeg(),
    python: presentNumpy(),
  };
}
