import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideModel, readCatalogue } from './fetch-models.mjs';

const content = Buffer.from('a model');
const sha256 = createHash('sha256').update(content).digest('hex');

let target: string;
let folder: string;
let server: Server;
let url: string;
let requests: number;
let answer: (response: ServerResponse) => void;
let lines: string[];

beforeEach(async () => {
  target = await mkdtemp(join(tmpdir(), 'models-'));
  folder = await mkdtemp(join(tmpdir(), 'source-'));
  requests = 0;
  lines = [];
  answer = (response) => response.end(content);
  server = createServer((_, response) => {
    requests++;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(target, { recursive: true });
  await rm(folder, { recursive: true });
});

function provide(folders: string[] = [], localOnly = false, onDemand = false) {
  const entry = { file: 'model.onnx', url, bytes: content.length, sha256, licence: 'MIT', onDemand };
  return provideModel(entry, { target, folders, localOnly, say: (line) => lines.push(line) });
}

describe('provideModel', () => {
  it('copies from a folder without asking the network, whatever the hash, and once only', async () => {
    await writeFile(join(folder, 'model.onnx'), 'another export');
    expect(await provide([join(folder, 'none'), folder])).toBe('copied');
    expect(await readFile(join(target, 'model.onnx'), 'utf8')).toBe('another export');
    expect(await provide([folder])).toBe('there');
    expect(requests).toBe(0);
  });

  it('replaces a file that the folder has another version of', async () => {
    await writeFile(join(target, 'model.onnx'), 'old');
    await writeFile(join(folder, 'model.onnx'), 'new');
    expect(await provide([folder])).toBe('copied');
    expect(await readFile(join(target, 'model.onnx'), 'utf8')).toBe('new');
  });

  it('downloads once', async () => {
    expect(await provide()).toBe('downloaded');
    expect(await readFile(join(target, 'model.onnx'))).toEqual(content);
    expect(await provide()).toBe('there');
    expect(requests).toBe(1);
  });

  it('asks no network when told so', async () => {
    expect(await provide([folder], true)).toBe('missing');
    expect(lines.length).toBe(1);
    expect(requests).toBe(0);
  });

  it('leaves what is wanted on demand to the app, unless a folder has it', async () => {
    expect(await provide([], false, true)).toBe('missing');
    expect(requests).toBe(0);
    await writeFile(join(folder, 'model.onnx'), content);
    expect(await provide([folder], false, true)).toBe('copied');
  });

  it.each<[string, () => void, RegExp]>([
    ['a wrong byte', () => (answer = (response) => response.end('a modeL')), /not the published one/],
    ['an error', () => (answer = (response) => response.writeHead(503).end()), /answered 503/],
    [
      'a connection that breaks',
      () =>
        (answer = (response) => {
          response.writeHead(200, { 'content-length': 7 });
          response.write('a m', () => setTimeout(() => response.socket?.destroy(), 20));
        }),
      /broke off after 3 bytes/,
    ],
    ['no server', () => server.close(), /could not be reached/],
  ])('goes on without the file after %s and leaves nothing behind', async (_, spoil, words) => {
    spoil();
    expect(await provide()).toBe('missing');
    expect(lines.at(-1)).toMatch(words);
    expect(await readdir(target)).toEqual([]);
  });
});

describe('readCatalogue', () => {
  it('names every file once, with what is needed to check it', async () => {
    const catalogue = await readCatalogue();
    expect(catalogue.map(({ file }) => file)).toContain('resnet50.onnx');
    for (const { file, url, sha256, licence } of catalogue) {
      expect(file).toMatch(/^[\w.-]+\.(onnx|json)$/);
      expect(url).toMatch(/^https:\/\//);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(licence).not.toBe('');
    }
  });
});
