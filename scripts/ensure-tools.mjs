import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const quiet = { stdio: 'ignore' };
const found = (command, args = ['-version']) => spawnSync(command, args, quiet).status === 0;
const isRoot = process.getuid?.() === 0;

let aptUpdated = false;

/** Installs a Debian package when that is possible here: as root, with apt. */
function aptInstall(...packages) {
  if (!isRoot || !found('apt-get', ['--version'])) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!aptUpdated) spawnSync('apt-get', ['update', '-qq'], { ...quiet, env: environment });
  aptUpdated = true;
  console.log(`Installing ${packages.join(', ')} with apt-get …`);
  return (
    spawnSync('apt-get', ['install', '-y', '-qq', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    }).status === 0
  );
}

async function playwrightChromium() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

function systemChrome() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const fixed = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return names.find((name) => found(name, ['--version'])) ?? fixed.find((path) => existsSync(path));
}

function absolute(command) {
  if (command.startsWith('/')) return command;
  const { stdout } = spawnSync('which', [command], { encoding: 'utf8' });
  return stdout.trim() || command;
}

/** Path of a Chrome or Chromium, installed if need be; undefined where neither can be had. `CHROME_PATH` decides if set. */
export async function ensureChrome() {
  const asked = process.env.CHROME_PATH;
  if (asked) return asked;
  const present = systemChrome();
  if (present) return absolute(present);
  const own = await playwrightChromium();
  if (own) return own;
  console.log('No Chrome or Chromium found; asking Playwright for one …');
  spawnSync('npx', ['playwright', 'install', 'chromium'], { ...quiet, timeout: 300_000 });
  const installed = await playwrightChromium();
  if (installed) return installed;
  if (aptInstall('chromium')) return absolute('chromium');
  return undefined;
}

/** Path of Chromium's headless shell, installed if that is easy; undefined where Chrome itself has to do. */
export function ensureHeadlessShell() {
  const name = 'chromium-headless-shell';
  const there = process.env.CHROME_PATH ? false : found(name, ['--version']) || aptInstall(name);
  return there ? absolute(name) : undefined;
}

/** Whether native `ffmpeg` and `ffprobe` are here, installed if need be. */
export function ensureFfmpeg() {
  return (found('ffmpeg') && found('ffprobe')) || (aptInstall('ffmpeg') && found('ffmpeg'));
}

/** A Python with numpy, for checking exports against it; undefined where none can be had. */
export function ensureNumpy() {
  const pythons = ['python3', '/usr/bin/python3'];
  const withNumpy = () => pythons.find((python) => found(python, ['-c', 'import numpy']));
  return withNumpy() ?? (aptInstall('python3-numpy') ? withNumpy() : undefined);
}
