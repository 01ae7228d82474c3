import { describe, expect, it } from 'vitest';
import { identify, identityRanges } from './identity';

const kilobyte = 1024;

function file(bytes: Uint8Array<ArrayBuffer>, name = 'a.mp4'): File {
  return new File([bytes], name);
}

describe('identify', () => {
  it('names size and content, not the name', async () => {
    const bytes = new Uint8Array(1000).fill(7);
    const id = await identify(file(bytes, 'one.mp4'));
    expect(id).toMatch(/^1000-[0-9a-f]{32}$/);
    expect(await identify(file(bytes, 'two.avi'))).toBe(id);
  });

  it.each([0, 300 * kilobyte, 600 * kilobyte - 1])('tells files apart that differ in byte %i', async (position) => {
    const bytes = new Uint8Array(600 * kilobyte);
    const id = await identify(file(bytes));
    bytes[position] = 1;
    expect(await identify(file(bytes))).not.toBe(id);
  });

  it('keeps two empty files two', async () => {
    expect(await identify(file(new Uint8Array(), 'a'))).not.toBe(await identify(file(new Uint8Array(), 'b')));
  });

  it('says when a file cannot be read', async () => {
    const broken = {
      size: 10,
      name: 'gone.mp4',
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    };
    await expect(identify(broken as unknown as File)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

it('reads at most 192 kB, and every byte of a small file once', () => {
  for (const size of [0, 1, 64 * kilobyte, 192 * kilobyte, 192 * kilobyte + 1, 5e9]) {
    const ranges = identityRanges(size);
    const total = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
    expect(total).toBe(Math.min(size, 192 * kilobyte));
    expect(ranges.at(-1)?.[1]).toBe(size);
  }
});
