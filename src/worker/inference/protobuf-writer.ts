/** A varint field. `value` is a whole number from 0 to 2^53. */
export function numberField(field: number, value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A length-delimited field that holds these parts one after the other. */
export function messageField(field: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...parts);
}

/** A string field, UTF-8. */
export function textField(field: number, value: string): Uint8Array<ArrayBuffer> {
  return messageField(field, new TextEncoder().encode(value));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left > 127) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return [...bytes, left];
}
