type Subscribe = (listener: () => void) => () => void;

/** Of a subscription that calls more often than the eye follows: calls at once, then at most every `interval` milliseconds,
 * and always after the last change. */
export function steadily(subscribe: Subscribe, interval: number): Subscribe {
  return (listener) => {
    let called = Number.NEGATIVE_INFINITY;
    let planned: ReturnType<typeof setTimeout> | undefined;
    const call = () => {
      planned = undefined;
      called = performance.now();
      listener();
    };
    const unsubscribe = subscribe(() => {
      if (planned !== undefined) return;
      const due = called + interval - performance.now();
      if (due <= 0) call();
      else planned = setTimeout(call, due);
    });
    return () => {
      clearTimeout(planned);
      unsubscribe();
    };
  };
}
