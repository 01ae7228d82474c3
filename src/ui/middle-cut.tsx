import classes from './middle-cut.module.css';

/** One line of text that loses its middle, not its end, where it does not fit: `v_ApplyEye…g01_c02.avi`. */
export function MiddleCut({ text }: { text: string }) {
  const tail = text.length > 16 ? text.slice(-12) : '';
  return (
    <span className={classes.line} title={text}>
      <span className={classes.head}>{text.slice(0, text.length - tail.length)}</span>
      <span className={classes.tail}>{tail}</span>
    </span>
  );
}
