import { Children, type ReactNode, useEffect, useState } from 'react';

/** Puts its children on the page one after the other, a task each: together they would halt it. */
export function Staged({ children }: { readonly children: ReactNode }) {
  const parts = Children.toArray(children);
  const [shown, setShown] = useState(1);
  const done = shown >= parts.length;
  useEffect(() => {
    if (done) return;
    // After the parts before were drawn.
    const timer = setTimeout(() => setShown(shown + 1), 16);
    return () => clearTimeout(timer);
  }, [shown, done]);
  return (
    <>
      {parts.slice(0, shown)}
      {!done && <span hidden data-staged-more />}
    </>
  );
}

/** Resolves once everything within is on the page. */
export async function allStaged(within: HTMLElement | null): Promise<void> {
  while (within?.querySelector('[data-staged-more]')) await new Promise(requestAnimationFrame);
}
