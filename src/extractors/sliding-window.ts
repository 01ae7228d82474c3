/** Cuts a stream of numbers into windows of `length`, each `hop` (at most `length`) after the one before. `take` gets a
 * view that is good only until it returns. */
export function createSlidingWindow(
  length: number,
  hop: number,
  take: (window: Float32Array) => void,
): (values: Float32Array) => void {
  const window = new Float32Array(length);
  let filled = 0;
  return (values) => {
    for (let at = 0; at < values.length; ) {
      const taken = Math.min(length - filled, values.length - at);
      window.set(values.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < length) return;
      take(window);
      window.copyWithin(0, hop);
      filled -= hop;
    }
  };
}
