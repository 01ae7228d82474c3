// The scope of an AudioWorklet, which no library of types describes.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const blockLength = 2048;

/** Sends on what it hears, mono, in blocks. */
class SoundTap extends AudioWorkletProcessor {
  private block = new Float32Array(blockLength);
  private filled = 0;

  process([input = []]: readonly (readonly Float32Array[])[]): boolean {
    const [first] = input;
    if (!first) return true;
    for (let i = 0; i < first.length; i++) {
      let sum = 0;
      for (const channel of input) sum += channel[i] as number;
      this.block[this.filled++] = sum / input.length;
      if (this.filled < blockLength) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(blockLength);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('sound-tap', SoundTap);
