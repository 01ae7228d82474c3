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

/** Bytes of one value of type `descr`, or undefined for a type that imports do not take. */
export function itemBytes(descr: string): number | undefined {
  const kind = kindOf(descr);
  const [, text, size] = /^([US])(\d+)$/.exec(kind) ?? [];
  return text ? (text === 'U' ? 4 : 1) * Number(size) : numberTypes[kind]?.bytes;
}

/** Rows of numbers as float32 in C order [shape[0] x the rest]. `data` may be reused for the result. */
export function decodeNumbers(data: Uint8Array<ArrayBuffer>, header: NpyHeader, array: string): Float32Array {
  const { descr, fortran, shape } = header;
  const count = shape.reduce((product, side) => product * side, 1);
  const values =
    kindOf(descr) === 'f4' && !descr.startsWith('>') && data.byteOffset % 4 === 0
      ? new Float32Array(data.buffer, data.byteOffset, count)
      : Float32Array.from(numbersOf(data, descr, count, array));
  return fortran && shape.length > 1 ? fromFortranOrder(values, shape) : values;
}

function* numbersOf(data: Uint8Array, descr: string, count: number, array: string): Generator<number> {
  const type = numberTypes[kindOf(descr)];
  if (!type) throw invalid(array, `is of type ${descr}; numbers are needed`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const little = !descr.startsWith('>');
  for (let i = 0; i < count; i++) yield type.read(view, i * type.bytes, little);
}

/** Text of a `U` or `S` array of one dimension, or a single string. Errors: `import-invalid`, naming the row. */
export function decodeStrings(data: Uint8Array, { descr, shape }: NpyHeader, array: string): string[] {
  const [, order = '', kind = '', size = '0'] = /^([<>=|]?)([US])(\d+)$/.exec(descr) ?? [];
  if (kind === '') throw invalid(array, `is of type ${descr}; text is needed`);
  if (shape.length > 1) throw invalid(array, `has the shape (${shape.join(', ')}); one text a row is needed`);
  const width = Number(size);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const decoder = new TextDecoder();
  return Array.from({ length: shape[0] ?? 1 }, (_, row) => {
    if (kind === 'S') return decoder.decode(data.subarray(row * width, (row + 1) * width)).replace(/\0+$/, '');
    const points: string[] = [];
    for (let i = 0; i < width; i++) {
      const point = view.getUint32((row * width + i) * 4, order !== '>');
      if (point > 0x10ffff) throw invalid(array, `row ${row} holds no text`, row);
      points.push(String.fromCodePoint(point));
    }
    return points.join('').replace(/\0+$/, '');
  });
}

/** Whole numbers of an array [N] or [N, 1], of any type of numbers. Errors: `import-invalid`, naming the row. */
export function decodeIntegers(data: Uint8Array, { descr, shape }: NpyHeader, array: string): number[] {
  const [count = 0, columns = 1] = shape;
  if (shape.length === 0 || shape.length > 2 || columns !== 1) {
    throw invalid(array, `has the shape (${shape.join(', ')}); one number a row is needed`);
  }
  const values = [...numbersOf(data, descr, count, array)];
  const broken = values.findIndex((value) => !Number.isInteger(value));
  if (broken >= 0) throw invalid(array, `row ${broken} holds ${values[broken]}; whole numbers are needed`, broken);
  return values;
}

/** An `import-invalid` error about one array of the file, and one of its rows. */
export function invalid(array: string, what: string, row?: number): AppError {
  return new AppError('import-invalid', `The array ${array} ${what}`, { array, ...(row !== undefined && { row }) });
}

function fromFortranOrder(values: Float32Array, shape: readonly number[]): Float32Array {
  const ordered = new Float32Array(values.length);
  const index = shape.map(() => 0);
  for (const value of values) {
    let at = 0;
    for (const [axis, side] of shape.entries()) at = at * side + (index[axis] as number);
    ordered[at] = value;
    for (let axis = 0; axis < shape.length; axis++) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return ordered;
}
