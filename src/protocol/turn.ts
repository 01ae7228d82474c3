/** One turn of the event loop, in which other calls and a cancellation are heard; a timer would wait for longer. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Milliseconds of work after which a thread rests: less than a frame. */
const slice = 8;

/** Runs all steps, with rests in which the thread does other things. */
export async function inTurns<Result>(steps: Generator<unknown, Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < slice) continue;
    await turn();
    since = performance.now();
  }
}
