import { join } from 'node:path';
import { compileAssembly } from '../scripts/assembly-script';
import { expect, test } from './fixtures/app';

const kernel = async (name: string) => [
  ...(await compileAssembly(join(import.meta.dirname, `../src/worker/kernels/${name}.as.ts`))),
];

test('products of bytes by the instruction that this browser has for them are the plain ones, to the last bit', async ({
  page,
}) => {
  const [plain, relaxed] = [await kernel('byte-rows'), await kernel('relaxed-byte-rows')];
  await page.goto('/');
  const compared = await page.evaluate(
    ({ plain, relaxed }) => {
      if (!WebAssembly.validate(Uint8Array.from(relaxed))) return undefined;
      type InnerProducts = (query: number, from: number, rows: number, stride: number, out: number) => void;
      const products = (
        code: readonly number[],
        query: Int8Array | Int16Array,
        codes: Uint8Array,
        rows: number,
        stride: number,
      ) => {
        const memory = new WebAssembly.Memory({ initial: 16 });
        const module = new WebAssembly.Module(Uint8Array.from(code));
        const { innerProducts } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as {
          innerProducts: InnerProducts;
        };
        const [from, out] = [2 ** 14, 2 ** 19];
        new Uint8Array(memory.buffer).set(new Uint8Array(query.buffer));
        new Uint8Array(memory.buffer).set(codes, from);
        innerProducts(0, from, rows, stride, out);
        return [...new Int32Array(memory.buffer, out, rows)];
      };
      const differing: string[] = [];
      let [sum, tried] = [0, 0];
      for (const stride of [16, 32, 80, 2048]) {
        for (const most of [1, 127]) {
          const rows = 24;
          const codes = Uint8Array.from({ length: rows * stride }, () =>
            most === 1 ? 127 : Math.floor(Math.random() * 128),
          );
          const query = Int8Array.from({ length: stride }, () =>
            most === 1 ? -127 : Math.floor(Math.random() * 255) - 127,
          );
          const right = Array.from({ length: rows }, (_, row) =>
            query.reduce((total, value, i) => total + value * (codes[row * stride + i] ?? 0), 0),
          );
          const byPlain = products(plain, Int16Array.from(query), codes, rows, stride);
          const byRelaxed = products(relaxed, query, codes, rows, stride);
          right.forEach((value, row) => {
            tried++;
            sum += Math.abs(value);
            if (byPlain[row] !== value || byRelaxed[row] !== value)
              differing.push(`${stride}: ${value}, ${byPlain[row]}, ${byRelaxed[row]}`);
          });
        }
      }
      return { differing, tried, sum };
    },
    { plain, relaxed },
  );
  expect(compared?.differing).toEqual([]);
  expect(compared?.tried).toBe(192);
  expect(compared?.sum).toBeGreaterThan(0);
});
