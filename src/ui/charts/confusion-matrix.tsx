import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import classes from './charts.module.css';

export type MatrixCell = { readonly row: number; readonly column: number };

export type ConfusionMatrixProps = {
  readonly labels: readonly string[];
  /** Row-major [labels x labels]. */
  readonly counts: Float64Array;
  readonly values: Float64Array;
  /** Whether `values` are shares, to be written in per cent. */
  readonly shares: boolean;
  /** Side of a cell, pixels. */
  readonly cell: number;
  /** Lines to point out, as found by name. */
  readonly marked: ReadonlySet<number>;
  readonly onPick: (cell: MatrixCell) => void;
};

const shades = 24;
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** True classes down, predicted ones across. Arrow keys move from cell to cell, Enter opens one, as a click does. */
export function ConfusionMatrix({ labels, counts, values, shares, cell, marked, onPick }: ConfusionMatrixProps) {
  const size = labels.length;
  const [active, setActive] = useState<MatrixCell>();
  const box = useRef<HTMLDivElement>(null);
  const font = Math.min(12, cell - 1);
  const named = cell >= 8;
  const margin = named ? Math.min(150, Math.max(...labels.map((label) => label.length), 4) * font * 0.6 + 10) : 6;
  const [left, top] = [margin + 16, margin + 16];
  const paths = useMemo(() => shadePaths(values, size, cell, left, top), [values, size, cell, left, top]);

  const move = (to: MatrixCell) => {
    setActive(to);
    const view = box.current;
    if (!view) return;
    const [x, y] = [left + to.column * cell, top + to.row * cell];
    if (x < view.scrollLeft) view.scrollLeft = x - cell;
    if (x + cell > view.scrollLeft + view.clientWidth) view.scrollLeft = x + 2 * cell - view.clientWidth;
    if (y < view.scrollTop) view.scrollTop = y - cell;
    if (y + cell > view.scrollTop + view.clientHeight) view.scrollTop = y + 2 * cell - view.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = moves[event.key];
    if (step) {
      event.preventDefault();
      const from = active ?? { row: 0, column: 0 };
      const within = (at: number) => Math.max(0, Math.min(size - 1, at));
      move(active ? { row: within(from.row + step[0]), column: within(from.column + step[1]) } : from);
    } else if ((event.key === 'Enter' || event.key === ' ') && active) {
      event.preventDefault();
      onPick(active);
    }
  };
  const cellAt = (event: MouseEvent<SVGSVGElement>): MatrixCell | undefined => {
    const { left: x, top: y } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - x - left) / cell);
    const row = Math.floor((event.clientY - y - top) / cell);
    return row >= 0 && column >= 0 && row < size && column < size ? { row, column } : undefined;
  };

  const [first] = marked;
  useEffect(() => {
    if (first === undefined || !box.current) return;
    box.current.scrollTop = Math.max(0, top + first * cell - box.current.clientHeight / 2);
    box.current.scrollLeft = Math.max(0, left + first * cell - box.current.clientWidth / 2);
  }, [first, top, left, cell]);

  const side = size * cell;
  const text = (value: number) => (shares ? `${Math.round(100 * value)}` : String(Number(value.toFixed(1))));
  return (
    <>
      <div
        ref={box}
        className={classes.matrix}
        role="application"
        aria-roledescription="matrix"
        aria-label="Cells: arrow keys move, Enter shows the queries"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys above need the focus
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <svg
          width={left + side + 8}
          height={top + side + 8}
          aria-hidden="true"
          onMouseMove={(event) => setActive(cellAt(event) ?? active)}
          onClick={(event) => {
            const picked = cellAt(event);
            if (picked) onPick(picked);
          }}
        >
          <text x={left + side / 2} y={11} fontSize={12} fill="var(--chart-quiet)" textAnchor="middle">
            Predicted
          </text>
          <text
            fontSize={12}
            fill="var(--chart-quiet)"
            textAnchor="middle"
            transform={`translate(11 ${top + side / 2}) rotate(-90)`}
          >
            True
          </text>
          {[...marked].map((line) => (
            <g key={line} fill="var(--chart-2)" fillOpacity={0.18} data-screen-only>
              <rect x={0} y={top + line * cell} width={left + side} height={cell} />
              <rect x={left + line * cell} y={0} width={cell} height={top + side} />
            </g>
          ))}
          {paths.map(({ opacity, d }) => (
            <path key={opacity} d={d} fill="var(--chart-1)" fillOpacity={opacity} />
          ))}
          <path d={gridPath(size, cell, left, top)} stroke="var(--chart-line)" strokeWidth={0.5} fill="none" />
          {named &&
            labels.map((label, i) => (
              <g key={label} fontSize={font} fill="var(--chart-ink)">
                <text x={left - 4} y={top + i * cell + cell / 2 + font / 3} textAnchor="end">
                  {cut(label, margin, font)}
                </text>
                <text transform={`translate(${left + i * cell + cell / 2 + font / 3} ${top - 4}) rotate(-90)`}>
                  {cut(label, margin, font)}
                </text>
              </g>
            ))}
          {cell >= 24 &&
            [...values].map((value, at) =>
              value === 0 ? null : (
                <text
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  key={at}
                  x={left + (at % size) * cell + cell / 2}
                  y={top + Math.floor(at / size) * cell + cell / 2 + 4}
                  fontSize={11}
                  textAnchor="middle"
                  fill={value > 0.55 * largestOf(values) ? 'var(--chart-on)' : 'var(--chart-ink)'}
                >
                  {text(value)}
                </text>
              ),
            )}
          {active && active.row < size && active.column < size && (
            <rect
              data-screen-only
              x={left + active.column * cell}
              y={top + active.row * cell}
              width={cell}
              height={cell}
              fill="none"
              stroke="var(--chart-2)"
              strokeWidth={2}
            />
          )}
        </svg>
      </div>
      <output className={classes.told}>{tell(labels, counts, active)}</output>
    </>
  );
}

function tell(labels: readonly string[], counts: Float64Array, active: MatrixCell | undefined): string {
  const size = labels.length;
  if (!active || active.row >= size || active.column >= size) return 'Point at a cell, or move with the arrow keys.';
  const { row, column } = active;
  const sum = counts.subarray(row * size, (row + 1) * size).reduce((total, count) => total + count, 0);
  const count = counts[row * size + column] as number;
  const share = sum > 0 ? `, ${Math.round((100 * count) / sum)} % of its row` : '';
  return `True ${labels[row]}, predicted ${labels[column]}: ${Number(count.toFixed(2))}${share}`;
}

const largestOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

/** All cells of one shade in one path: thousands of elements would make scrolling slow. */
function shadePaths(values: Float64Array, size: number, cell: number, left: number, top: number) {
  const largest = largestOf(values) || 1;
  const parts = new Map<number, string[]>();
  values.forEach((value, at) => {
    if (value === 0) return;
    const shade = Math.max(1, Math.round((shades * value) / largest));
    const path = parts.get(shade) ?? [];
    parts.set(shade, path);
    path.push(`M${left + (at % size) * cell} ${top + Math.floor(at / size) * cell}h${cell}v${cell}h${-cell}z`);
  });
  return [...parts].map(([shade, path]) => ({ opacity: 0.15 + (0.85 * shade) / shades, d: path.join('') }));
}

function gridPath(size: number, cell: number, left: number, top: number): string {
  const lines = Array.from({ length: size + 1 }, (_, i) => i * cell);
  const side = size * cell;
  return lines.map((at) => `M${left} ${top + at}h${side}M${left + at} ${top}v${side}`).join('');
}

function cut(label: string, width: number, font: number): string {
  const room = Math.floor((width - 10) / (font * 0.6));
  return label.length > room ? `${label.slice(0, Math.max(1, room - 1))}…` : label;
}
