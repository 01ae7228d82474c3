import { Children, type ReactNode, useEffect, useState } from 'react';

/** Who waits to be drawn; one at a time, a task each, for together they would halt the page. */
const waiting = new Set<() => void>();
let serving = false;

/** Safari cannot tell when it is idle. */
const whenIdle: (then: () => void) => void =
  'requestIdleCallback' in globalThis ? (then) => requestIdleCallback(then, { timeout: 250 }) : (then) => then();

function serve(): void {
  if (serving) return;
  serving = true;
  // After what came before was drawn, and what it asked for in turn was done: charts do so in the frames after.
  setTimeout(
    () =>
      whenIdle(() => {
        serving = false;
        const [next] = waiting;
        if (!next) return;
        waiting.delete(next);
        next();
        serve();
      }),
    16,
  );
}

/** How many of so many parts are to be on the page by now: one at first, then one more at a time, in turn with all others
 * on the page that are drawn in parts. */
export function useStages(count: number): number {
  const [shown, setShown] = useState(1);
  const done = shown >= count;
  useEffect(() => {
    if (done) return;
    const next = () => setShown(shown + 1);
    waiting.add(next);
    serve();
    return () => {
      waiting.delete(next);
    };
  }, [shown, done]);
  return shown;
}

/** Stands where parts are still to come. */
export const MoreStages = () => <template data-staged-more />;

/** Puts its children on the page one after the other, or so many after so many; rows of tables, too. */
export function Staged({ children, atOnce = 1 }: { readonly children: ReactNode; readonly atOnce?: number }) {
  const parts = Children.toArray(children);
  const shown = useStages(Math.ceil(parts.length / atOnce)) * atOnce;
  return (
    <>
      {parts.slice(0, shown)}
      {shown < parts.length && <MoreStages />}
    </>
  );
}

/** Resolves once everything within is on the page. */
export async function allStaged(within: HTMLElement | null): Promise<void> {
  while (within?.querySelector('[data-staged-more]')) await new Promise(requestAnimationFrame);
}
