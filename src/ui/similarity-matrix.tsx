import { useEffect, useRef } from 'react';
import classes from './similarity-matrix.module.css';

type Span = { readonly from: number; readonly to: number };

type Props = {
  /** Row-major, the query's frames down and the match's across; NaN where nothing is known. */
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** What rows and columns span, seconds. */
  readonly query: Span;
  readonly match: Span;
  /** Drawn as lines, the chosen one stronger. */
  readonly segments: readonly { readonly query: Span; readonly match: Span }[];
  readonly chosen: number | undefined;
  /** What it shows, in words. */
  readonly label: string;
};

/** Similarity that is drawn as nothing: frames that have nothing in common are this alike. */
const floor = 0.6;
/** Pixels of the canvas a side at most; of more frames the most similar of each pixel is drawn. */
const most = 1024;

/** How alike each frame of one video is to each of another, the darker the more, and where the same was found. */
export function SimilarityMatrix({ matrix, rows, columns, query, match, segments, chosen, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const [width, height] = [Math.min(columns, most), Math.min(rows, most)];
    canvas.current.width = width;
    canvas.current.height = height;
    const image = context.createImageData(width, height);
    for (let i = 0; i < rows; i++) {
      const y = Math.floor((i * height) / rows);
      for (let j = 0; j < columns; j++) {
        const value = matrix[i * columns + j] as number;
        if (Number.isNaN(value)) continue;
        const at = (y * width + Math.floor((j * width) / columns)) * 4;
        const strength = Math.max(0, (value - floor) / (1 - floor)) ** 2;
        // A blue that stands out from both grounds.
        image.data.set([59, 130, 224, Math.max(image.data[at + 3] as number, Math.round(255 * strength))], at);
      }
    }
    context.putImageData(image, 0, 0);
  }, [matrix, rows, columns]);

  const place = (seconds: number, { from, to }: Span) => (100 * (seconds - from)) / Math.max(1e-6, to - from);
  return (
    <div className={classes.matrix} role="img" aria-label={label}>
      <canvas ref={canvas} className={classes.cells} />
      <svg className={classes.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {segments.map((segment, index) => (
          <line
            // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its place in the list
            key={index}
            data-chosen={index === chosen || undefined}
            x1={place(segment.match.from, match)}
            y1={place(segment.query.from, query)}
            x2={place(segment.match.to, match)}
            y2={place(segment.query.to, query)}
          />
        ))}
      </svg>
    </div>
  );
}
