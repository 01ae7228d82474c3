import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Values of one feature; of its three sorts a feature has one. */
export type Feature = {
  readonly bytes: readonly Uint8Array[];
  readonly floats: readonly number[];
  readonly integers: readonly string[];
};

/** TensorFlow's `Example`, or `SequenceExample`, whose context has the place of an example's features. */
export type TfExample = {
  readonly features: ReadonlyMap<string, Feature>;
  /** One feature a step. */
  readonly lists: ReadonlyMap<string, readonly Feature[]>;
};

/** Decodes the message; bytes are views. Throws what the wire format's reader throws of a broken one. */
export function decodeExample(bytes: Uint8Array): TfExample {
  const features = new Map<string, Feature>();
  const lists = new Map<string, readonly Feature[]>();
  eachField(bytes, (field, reader) => {
    if (field === 1) eachEntry(reader.bytes(), (name, value) => features.set(name, decodeFeature(value)));
    else if (field === 2) {
      eachEntry(reader.bytes(), (name, value) => {
        const steps: Feature[] = [];
        eachField(value, (own, inner) => {
          if (own !== 1) return false;
          steps.push(decodeFeature(inner.bytes()));
          return true;
        });
        lists.set(name, steps);
      });
    } else return false;
    return true;
  });
  return { features, lists };
}

/** Every entry of a message whose only field, 1, is a map. */
function eachEntry(bytes: Uint8Array, take: (name: string, value: Uint8Array) => void): void {
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    let name = '';
    let value: Uint8Array = new Uint8Array(0);
    eachField(reader.bytes(), (own, inner) => {
      if (own === 1) name = inner.string();
      else if (own === 2) value = inner.bytes();
      else return false;
      return true;
    });
    take(name, value);
    return true;
  });
}

function decodeFeature(bytes: Uint8Array): Feature {
  const texts: Uint8Array[] = [];
  const floats: number[] = [];
  const integers: string[] = [];
  eachField(bytes, (sort, reader) => {
    if (sort < 1 || sort > 3) return false;
    eachField(reader.bytes(), (field, inner, wire) => {
      if (field !== 1) return false;
      const packed = wire === WireType.LengthDelimited && sort !== 1;
      const end = packed ? inner.uint32() + inner.pos : inner.pos + 1;
      while (inner.pos < end) {
        if (sort === 1) texts.push(inner.bytes());
        else if (sort === 2) floats.push(inner.float());
        else integers.push(String(inner.int64()));
        if (!packed) break;
      }
      return true;
    });
    return true;
  });
  return { bytes: texts, floats, integers };
}

/** `take` reads the field, or says false to have it passed over. */
function eachField(bytes: Uint8Array, take: (field: number, reader: BinaryReader, wire: WireType) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (!take(field, reader, wire)) reader.skip(wire, field);
  }
}
