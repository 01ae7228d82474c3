import type { ReactNode } from 'react';
import classes from './evaluation.module.css';

/** A table wider than the window scrolls by itself, by keyboard too. */
export function Wide({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.wide} tabIndex={0} aria-label={name}>
      {children}
    </section>
  );
}
