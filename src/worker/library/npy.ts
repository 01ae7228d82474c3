import { AppError } from '../../core/errors';
import { halfToNumber } from '../../core/half-float';

/** Header of a NumPy array file (format version 1.0, C order). `descr` as numpy writes it: `<f4`, `<U12`. */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const header = new Uint8Array(10 + padded.length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  header.set(new TextEncoder().encode(padded), 10);
  return header;
}

/** Strings as numpy's fixed-width Unicode, a whole array file. Halves of surrogate pairs become U+FFFD. `shape` is
 * (N,), or () for a single string. */
export function npyStrings(strings: readonly string[] | string): Uint8Array<ArrayBuffer> {
  const list = typeof strings === 'string' ? [strings] : strings;
  const points = list.map((text) => Array.from(text, toScalarValue));
  // numpy has no <U0.
  const width = points.reduce((longest, { length }) => Math.max(longest, length), 1);
  const header = npyHeader(`<U${width}`, typeof strings === 'string' ? [] : [list.length]);
  const file = new Uint8Array(header.length + list.length * width * 4);
  file.set(header);
  const view = new DataView(file.buffer, header.length);
  for (const [row, text] of points.entries()) {
    for (const [i, point] of text.entries()) view.setUint32((row * width + i) * 4, point, true);
  }
  return file;
}

function toScalarValue(character: string): number {
  const point = character.codePointAt(0) as number;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

export type NpyHeader = {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Bytes of the header: the values follow. */
  readonly bytes: number;
};

/** Bytes that say how long the header is. */
export const npyPrefix = 12;

/** Length of the header that starts with these {@link npyPrefix} bytes. Errors: `import-invalid`, naming `array`. */
export function npyHeaderBytes(prefix: Uint8Array, array: string): number {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  const version = prefix[6] ?? 0;
  if (prefix.length < npyPrefix || magic.some((byte, i) => prefix[i] !== byte) || version < 1 || version > 3) {
    throw invalid(array, 'is not a NumPy array');
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  const bytes = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (bytes > 65_536) throw invalid(array, 'has a header beyond reason');
  return bytes;
}

/** Reads a whole header. Errors: `import-invalid`, naming `array`. */
export function parseNpyHeader(header: Uint8Array, array: string): NpyHeader {
  const text = new TextDecoder().decode(header.subarray(header[6] === 1 ? 10 : 12));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw invalid(array, 'has a header that cannot be read, or several fields a row');
  }
  if (descr.includes('O')) {
    throw invalid(
      array,
      'holds pickled Python objects, which can run code and are not opened (numpy asks for allow_pickle=True); ' +
        'save rows of equal length as float32, and paths as text',
    );
  }
  const sides = shape.split(',').filter((side) => side.trim() !== '');
  return { descr, fortran: order === 'True', shape: sides.map(Number), bytes: header.length };
}

type NumberType = { readonly bytes: number; read(view: DataView, at: number, little: boolean): number };

/** Numbers as numpy names their types, byte order aside. */
const numberTypes: Readonly<Record<string, NumberType>> = {
  f2: { bytes: 2, read: (view, at, little) => halfToNumber(view.getUint16(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  b1: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
};

const kindOf = (descr: string) => descr.replace(/^[<>=|]/, '');

const isBigEndian = (descr: string) => descr.startsWith('>');

function numberType(descr: string, array: string): NumberType {
  const type = numberTypes[kindOf(descr)];
  if (!type) throw invalid(array, `is of type ${descr}; numbers are needed`);
  return type;
}

/** Bytes of one value of type `descr`, or undefined for a type that imports do not take. */
export function itemBytes(descr: string): number | undefined {
  const kind = kindOf(descr);
  const [, text, size] = /^([US])(\d+)$/.exec(kind) ?? [];
  return text ? (text === 'U' ? 4 : 1) * Number(size) : numberTypes[kind]?.bytes;
}

/** Values of an array of this shape. */
export const countOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Rows of numbers as float32 in C order [shape[0] x the rest]. */
export function decodeNumbers(data: Uint8Array, header: NpyHeader, array: string): Float32Array {
  const { values, take } = numberDecoder(header, array);
  take(data);
  return values;
}

/** As {@link decodeNumbers}, of data that come in pieces cut anywhere. `values` are whole once all are taken. */
export function numberDecoder(
  { descr, fortran, shape }: NpyHeader,
  array: string,
): { readonly values: Float32Array; take(piece: Uint8Array): void } {
  const { bytes, read } = numberType(descr, array);
  const little = !isBigEndian(descr);
  const byColumns = fortran && shape.length > 1;
  const Native = byColumns || !little ? undefined : { f4: Float32Array, f8: Float64Array }[kindOf(descr)];
  const values = new Float32Array(countOf(shape));
  let done = 0;
  let rest: Uint8Array = new Uint8Array(0);
  return {
    values,
    take(piece) {
      const data = rest.length > 0 ? concatenate(rest, piece) : piece;
      const count = Math.floor(data.length / bytes);
      if (Native && data.byteOffset % bytes === 0) {
        values.set(new Native(data.buffer as ArrayBuffer, data.byteOffset, count), done);
      } else {
        const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
        for (let i = 0; i < count; i++) {
          values[byColumns ? placeInC(done + i, shape) : done + i] = read(view, i * bytes, little);
        }
      }
      done += count;
      rest = data.slice(count * bytes);
    },
  };
}

/** Where in C order the value stands that is the `at`-th in Fortran order. */
function placeInC(at: number, shape: readonly number[]): number {
  let place = 0;
  for (const side of shape) {
    place = place * side + (at % side);
    at = Math.floor(at / side);
  }
  return place;
}

export function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Text of a `U` or `S` array of one dimension, or a single string. Errors: `import-invalid`, naming the row. */
export function decodeStrings(data: Uint8Array, { descr, shape }: NpyHeader, array: string): string[] {
  const [, kind, size] = /^([US])(\d+)$/.exec(kindOf(descr)) ?? [];
  if (kind === undefined) throw invalid(array, `is of type ${descr}; text is needed`);
  if (shape.length > 1) throw invalid(array, `has the shape (${shape.join(', ')}); one text a row is needed`);
  const width = Number(size);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = !isBigEndian(descr);
  const pointAt = (at: number) => (kind === 'S' ? view.getUint8(at) : view.getUint32(at * 4, little));
  const decoder = new TextDecoder();
  return Array.from({ length: shape[0] ?? 1 }, (_, row) => {
    const start = row * width;
    let end = start + width;
    while (end > start && pointAt(end - 1) === 0) end--;
    if (kind === 'S') return decoder.decode(data.subarray(start, end));
    const points: string[] = [];
    for (let at = start; at < end; at++) {
      const point = pointAt(at);
      if (point > 0x10ffff) throw invalid(array, `row ${row} holds no text`, row);
      points.push(String.fromCodePoint(point));
    }
    return points.join('');
  });
}

/** Whole numbers of an array [N] or [N, 1], of any type of numbers. Errors: `import-invalid`, naming the row. */
export function decodeIntegers(data: Uint8Array, { descr, shape }: NpyHeader, array: string): number[] {
  const [count = 0, columns = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || columns !== 1) {
    throw invalid(array, `has the shape (${shape.join(', ')}); one number a row is needed`);
  }
  const { bytes, read } = numberType(descr, array);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, row) => {
    const value = read(view, row * bytes, !isBigEndian(descr));
    if (!Number.isInteger(value)) throw invalid(array, `row ${row} holds ${value}; whole numbers are needed`, row);
    return value;
  });
}

/** An `import-invalid` error about one array of the file, and one of its rows. */
export function invalid(array: string, what: string, row?: number): AppError {
  return new AppError('import-invalid', `The array ${array} ${what}`, { array, ...(row !== undefined && { row }) });
}
