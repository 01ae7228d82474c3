import { messages, text } from './protobuf';

/** Name of a file beside the model that holds weights of it, or undefined where all are inside. */
export function externalData(model: Uint8Array): string | undefined {
  // Field numbers are those of onnx.proto.
  for (const graph of messages(model, 7)) {
    for (const tensor of messages(graph, 5)) {
      for (const entry of messages(tensor, 13)) {
        const [key, value] = [...messages(entry, 1), ...messages(entry, 2)].map(text);
        if (key === 'location') return value;
      }
    }
  }
  return undefined;
}
