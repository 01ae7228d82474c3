/** A field of a protobuf message: the bytes of one that has a length, as a view, or a number; 4 and 8 bytes as they lie. */
export type ProtobufField = readonly [field: number, value: Uint8Array | number];

/** Every field of a message up to where it is cut short. Numbers are exact to 2^53. */
function* everyField(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  const taken = (length: number) => {
    const value = bytes.subarray(at, at + length);
    at += length;
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wire = key & 7;
    if (wire === 0) yield [field, varint()];
    else if (wire === 1) yield [field, taken(8)];
    else if (wire === 5) yield [field, taken(4)];
    else if (wire === 2) yield [field, taken(varint())];
    else return;
  }
}

/** The fields that hold bytes. */
export function* fields(bytes: Uint8Array): Generator<[field: number, value: Uint8Array]> {
  for (const [field, value] of everyField(bytes)) if (typeof value !== 'number') yield [field, value];
}

/** Those of the field `wanted`. */
export function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  for (const [field, value] of fields(bytes)) if (field === wanted) yield value;
}

/** The last whole number in the field `wanted`. */
export function numberIn(bytes: Uint8Array, wanted: number): number | undefined {
  let found: number | undefined;
  for (const [field, value] of everyField(bytes)) if (field === wanted && typeof value === 'number') found = value;
  return found;
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
