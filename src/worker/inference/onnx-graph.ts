import { node, type OnnxPart, tensor } from './onnx-writer';

/** Nodes and initialisers of a network as it is put together; every value gets a name of its own. */
export class OnnxGraph {
  readonly nodes: OnnxPart[] = [];
  readonly initialisers: OnnxPart[] = [];

  /** Adds a node, and gives the name of its first output; `others` come after it. */
  add(
    type: string,
    inputs: readonly string[],
    attributes: readonly OnnxPart[] = [],
    others: readonly string[] = [],
  ): string {
    const name = `value_${this.nodes.length}`;
    this.nodes.push(node(type, inputs, [name, ...others], attributes));
    return name;
  }

  /** Gives a value the name that it leaves the network by. */
  out(value: string, name: string): void {
    this.nodes.push(node('Identity', [value], [name]));
  }

  array(name: string, dims: readonly number[], data: Float32Array): string {
    this.initialisers.push(tensor(name, dims, data));
    return name;
  }

  /** A list of whole numbers, as shapes and axes are. */
  numbers(...values: readonly number[]): string {
    const name = `numbers_${this.initialisers.length}`;
    this.initialisers.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)));
    return name;
  }

  number(value: number): string {
    return this.array(`number_${this.initialisers.length}`, [1], Float32Array.of(value));
  }
}
