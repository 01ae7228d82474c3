/** The length-delimited fields of a protobuf message, as views. */
export function* fields(bytes: Uint8Array): Generator<[field: number, value: Uint8Array]> {
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
  while (at < bytes.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      yield [Math.floor(key / 8), bytes.subarray(at, at + length)];
      at += length;
    } else return;
  }
}

/** Those of the field `wanted`. */
export function* messages(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  for (const [field, value] of fields(bytes)) if (field === wanted) yield value;
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
