// Fills public/models/ with the files of the catalogue (src/extractors/*/model.json): from MODELS_DIR, else from
// ../shared/models beside the checkout, else by a download whose hash is checked (not with --local-only). The app works
// without them.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * `onDemand`: large and not needed at first; downloaded by the app when a person asks for it.
 * @typedef {{ file: string, url: string, bytes: number, sha256: string, licence: string, onDemand?: boolean }} CatalogueEntry
 * @typedef {{ target: string, folders: string[], localOnly?: boolean, say: (line: string) => void }} Places
 */

/**
 * The catalogue as the app has it.
 * @returns {Promise<CatalogueEntry[]>}
 */
export async function readCatalogue() {
  const extractors = join(root, 'src', 'extractors');
  const entries = await readdir(extractors, { withFileTypes: true });
  const texts = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => readFile(join(extractors, entry.name, 'model.json'), 'utf8').catch(() => undefined)),
  );
  return texts.flatMap((text) => {
    if (text === undefined) return [];
    const entry = JSON.parse(text);
    return 'file' in entry ? [entry] : Object.values(entry);
  });
}

/**
 * Puts one file in place. Never throws for want of a network or a file: the app can do without.
 * @param {CatalogueEntry} entry
 * @param {Places} places
 * @returns {Promise<'there' | 'copied' | 'downloaded' | 'missing'>}
 */
export async function provideModel(entry, { target, folders, localOnly = false, say }) {
  const destination = join(target, entry.file);
  const part = `${destination}.part`;
  await mkdir(target, { recursive: true });
  await rm(part, { force: true });
  const present = await hashOf(destination);
  for (const folder of folders) {
    const source = join(folder, entry.file);
    const found = await hashOf(source);
    if (!found) continue;
    if (found === present) return 'there';
    await copyFile(source, part);
    await rename(part, destination);
    say(`Copied ${entry.file} from ${folder}.`);
    return 'copied';
  }
  if (present) return 'there';
  if (entry.onDemand) return 'missing';
  if (localOnly) {
    say(`No ${entry.file} on this machine. The app starts without it; add the file later under Settings.`);
    return 'missing';
  }
  say(`Downloading ${entry.file} (about ${Math.round(entry.bytes / 1e6)} MB, ${entry.licence}) from ${entry.url}`);
  try {
    await download(entry, part);
    await rename(part, destination);
    return 'downloaded';
  } catch (error) {
    await rm(part, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    say(`No ${entry.file}: ${why}. The app starts without it; add the file later under Settings.`);
    return 'missing';
  }
}

/**
 * @param {CatalogueEntry} entry
 * @param {string} part
 */
async function download({ url, sha256, bytes }, part) {
  const waiting = new AbortController();
  let patience = setTimeout(() => waiting.abort(), 15_000);
  const file = await open(part, 'w');
  const hash = createHash('sha256');
  let received = 0;
  try {
    const response = await fetch(url, { signal: waiting.signal }).catch(() => {
      throw new Error('the server could not be reached');
    });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    try {
      for await (const chunk of response.body) {
        clearTimeout(patience);
        received += chunk.length;
        if (received > bytes * 4) break;
        hash.update(chunk);
        await file.write(chunk);
        patience = setTimeout(() => waiting.abort(), 30_000);
      }
    } catch {
      throw new Error(`the download broke off after ${received} bytes`);
    }
    if (hash.digest('hex') !== sha256) throw new Error('the downloaded file is not the published one');
  } finally {
    clearTimeout(patience);
    waiting.abort();
    await file.close();
  }
}

/**
 * SHA-256 of a file, hex; undefined where there is none or it is empty.
 * @param {string} path
 */
async function hashOf(path) {
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isFile() || facts.size === 0) return undefined;
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const target = join(root, 'public', 'models');
  const folders = [process.env.MODELS_DIR, join(root, '..', 'shared', 'models')].filter((folder) => folder);
  const localOnly = process.argv.includes('--local-only');
  for (const entry of await readCatalogue()) {
    await provideModel(entry, { target, folders, localOnly, say: (line) => console.log(line) });
  }
}
