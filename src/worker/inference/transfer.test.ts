import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Progress } from '../../protocol/progress';
import { type TransferOptions, transfer } from './transfer';

const content = Buffer.from(Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255));
const sha256 = createHash('sha256').update(content).digest('hex');

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, times: number) => void;

/** A server on this machine; `asked` holds the Range header of every request. */
async function serve(answer: Answer): Promise<{ url: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`, asked };
}

function start(url: string, options: Partial<TransferOptions> = {}) {
  let written: Uint8Array[] = [];
  const progress: Progress[] = [];
  const done = transfer({
    url,
    sha256,
    bytes: content.length,
    sink: {
      write: (chunk) => void written.push(chunk.slice()),
      restart: () => {
        written = [];
      },
    },
    onProgress: (step) => progress.push(step),
    resumes: 1,
    ...options,
  });
  return { done, written: () => Buffer.concat(written), progress };
}

function breakOff(response: ServerResponse, sent: Buffer): void {
  response.write(sent, () => setTimeout(() => response.socket?.destroy(), 30));
}

describe('transfer', () => {
  it('writes what the server sends and tells how far it is', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-length': content.length }).end(content),
    );
    const { done, written, progress } = start(url);
    expect(await done).toEqual({ bytes: content.length });
    expect(written().equals(content)).toBe(true);
    expect(progress.at(-1)?.fraction).toBe(1);
    expect(progress.every(({ fraction }, i) => (fraction ?? 0) >= (progress[i - 1]?.fraction ?? 0))).toBe(true);
  });

  it('goes on where a connection broke', async () => {
    const { url, asked } = await serve((_, response, times) => {
      if (times === 1) {
        response.writeHead(200, { 'content-length': content.length });
        breakOff(response, content.subarray(0, 300_000));
      } else {
        const from = Number(/bytes=(\d+)-/.exec(asked[1] ?? '')?.[1]);
        response.writeHead(206, { 'content-length': content.length - from }).end(content.subarray(from));
      }
    });
    const { done, written } = start(url);
    await done;
    expect(written().equals(content)).toBe(true);
    expect(asked).toEqual([undefined, 'bytes=300000-']);
  });

  it('starts over where the server cannot go on', async () => {
    const { url, asked } = await serve((_, response, times) => {
      response.writeHead(200, { 'content-length': content.length });
      if (times === 1) breakOff(response, content.subarray(0, 300_000));
      else response.end(content);
    });
    const { done, written } = start(url);
    await done;
    expect(asked.length).toBe(2);
    expect(written().equals(content)).toBe(true);
  });

  it('says how much came when the connection keeps breaking', async () => {
    const { url, asked } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      breakOff(response, content.subarray(0, 300_000));
    });
    await expect(start(url).done).rejects.toMatchObject({
      code: 'model-incomplete',
      details: { received: 300_000, expected: content.length },
    });
    expect(asked.length).toBe(2);
  });

  it('finds a server out that announces more than it has', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length + 1000 });
      response.write(content, () => setTimeout(() => response.socket?.end(), 30));
    });
    await expect(start(url, { resumes: 0 }).done).rejects.toMatchObject({ code: 'model-incomplete' });
  });

  it('finds a server out that announces less than it has', async () => {
    const { url } = await serve((_, response) => {
      response.strictContentLength = false;
      response.writeHead(200, { 'content-length': content.length - 1000 });
      response.end(content);
    });
    await expect(start(url, { resumes: 0 }).done).rejects.toMatchObject({
      code: expect.stringMatching(/^model-(hash-mismatch|incomplete)$/),
    });
  });

  it('accepts a file of unannounced length', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200);
      response.write(content.subarray(0, 1000));
      response.end(content.subarray(1000));
    });
    expect(await start(url).done).toEqual({ bytes: content.length });
  });

  it('refuses a wrong byte', async () => {
    const wrong = Buffer.from(content);
    wrong[350_000] = (wrong[350_000] as number) ^ 1;
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-length': wrong.length }).end(wrong),
    );
    await expect(start(url).done).rejects.toMatchObject({
      code: 'model-hash-mismatch',
      details: { expected: sha256, received: content.length },
    });
  });

  it('stops a server that never ends', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(content), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(start(url).done).rejects.toMatchObject({ code: 'model-hash-mismatch' });
  });

  it('counts a silent connection as broken', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1000));
    });
    await expect(start(url, { stallMilliseconds: 100, resumes: 0 }).done).rejects.toMatchObject({
      code: 'model-incomplete',
      details: { received: 1000 },
    });
  });

  it.each([
    ['an error', 404, 'text/plain', { status: 404 }],
    ['a web page', 200, 'text/html; charset=utf-8', { status: 200 }],
  ])('does not take %s for the file', async (_, status, type, details) => {
    const { url } = await serve((_, response) => response.writeHead(status, { 'content-type': type }).end('no'));
    await expect(start(url).done).rejects.toMatchObject({ code: 'model-download-failed', details });
  });

  it('says when there is no server', async () => {
    const { url } = await serve(() => undefined);
    for (const close of closing.splice(0)) close();
    await expect(start(url).done).rejects.toMatchObject({ code: 'model-download-failed' });
  });

  it('stops at once when cancelled', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1000));
    });
    const controller = new AbortController();
    const { done } = start(url, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(done).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('passes on what the disk says', async () => {
    const { url } = await serve((_, response) => response.writeHead(200).end(content));
    const full = new Error('full');
    const sink = {
      write: () => {
        throw full;
      },
      restart: () => undefined,
    };
    await expect(start(url, { sink }).done).rejects.toBe(full);
  });
});
