import {
  CartesianGrid,
  DefaultZIndexes,
  ErrorBar,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
  ZIndexLayer,
} from 'recharts';
import { MoreStages, useStages } from '../staged';
import { axis, gridLines, title } from './axes';

/** A point, and where there is one the interval that it lies in. */
export type CurvePoint = { readonly x: number; readonly y: number; readonly interval?: readonly [number, number] };

export type Curve = {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  readonly colour: 1 | 2 | 3 | 4;
  readonly dashed?: boolean;
  /** Where along the curve its name stands, 0..1. */
  readonly labelAt: number;
  readonly dots?: boolean;
  /** Side of that point on which the name stands; by default above it. `hidden` where another curve's name tells. */
  readonly beside?: 'right' | 'hidden';
};

export type CurveChartProps = {
  readonly curves: readonly Curve[];
  readonly x: string;
  readonly y: string;
  readonly xDomain?: readonly [number, number];
  /** Positions marked on the x axis; evenly spaced numbers where absent. */
  readonly xTicks?: readonly number[];
  readonly logarithmic?: boolean;
  /** From 0 to this; 1 by default, in quarters. */
  readonly yTo?: number;
};

/** Points beyond this many make the drawing slow and no better. */
const mostPoints = 500;
const height = 280;

/** At most 500 points, evenly by index; first and last stay. */
function thinned<T>(points: readonly T[], limit = mostPoints): readonly T[] {
  return points.length <= limit ? points : evenly(points.length, limit).map((i) => points[i] as T);
}

/** Indices of at most `limit` of so many points, evenly; first and last stay. */
export function evenly(count: number, limit = mostPoints): readonly number[] {
  const kept = Math.min(count, limit);
  return Array.from({ length: kept }, (_, i) => (kept < 2 ? i : Math.round((i * (count - 1)) / (kept - 1))));
}

/** Curves from 0 up, each named beside its line. */
export function CurveChart({ curves, x, y, xDomain = [0, 1], xTicks, logarithmic = false, yTo }: CurveChartProps) {
  // The frame, the axes, then a curve at a time.
  const stages = curves.length + 2;
  const shown = useStages(stages);
  const drawn = curves.slice(0, Math.max(0, shown - 2));
  return (
    <>
      {shown < stages && <MoreStages />}
      <ResponsiveContainer width="100%" height={height}>
        <LineChart accessibilityLayer={false} margin={{ top: 12, right: 16, bottom: 20, left: 0 }}>
          {shown > 1 && (
            <>
              <CartesianGrid {...gridLines.level} />
              <XAxis
                type="number"
                dataKey="x"
                domain={[...xDomain]}
                scale={logarithmic ? 'log' : 'linear'}
                allowDataOverflow
                {...axis}
                {...(xTicks && { ticks: [...xTicks] })}
                label={title(x, 'below')}
              />
              <YAxis
                type="number"
                domain={[0, yTo ?? 1]}
                {...(yTo === undefined && { ticks: [0, 0.25, 0.5, 0.75, 1] })}
                width={56}
                {...axis}
                label={title(y, 'left')}
              />
              <ReferenceLine y={0} stroke="var(--chart-line)" />
            </>
          )}
          {drawn.map((curve) => {
            const points = thinned(curve.points);
            const stroke = `var(--chart-${curve.colour})`;
            return (
              <Line
                key={curve.name}
                data={[...points]}
                dataKey="y"
                name={curve.name}
                stroke={stroke}
                strokeWidth={curve.dashed ? 1.5 : 2}
                {...(curve.dashed && { strokeDasharray: '5 4' })}
                dot={curve.dots ? { r: 3, fill: stroke } : false}
                activeDot={false}
                isAnimationActive={false}
              >
                {points.some(({ interval }) => interval) && (
                  <ErrorBar
                    dataKey={({ y: value, interval: [low, high] = [value, value] }: CurvePoint) => [
                      value - low,
                      high - value,
                    ]}
                    direction="y"
                    width={3}
                    strokeWidth={1.5}
                    stroke={stroke}
                    isAnimationActive={false}
                  />
                )}
              </Line>
            );
          })}
          <CurveNames curves={drawn} />
        </LineChart>
      </ResponsiveContainer>
    </>
  );
}

type Box = { readonly left: number; readonly right: number; readonly base: number };

const letter = 6.6;
const lineHeight = 15;

/** The curves' names beside their lines, moved down where they would cover each other. The lines' own labels are laid
 * out at every point, which halts the page. */
function CurveNames({ curves }: { readonly curves: readonly Curve[] }) {
  const toX = useXAxisScale();
  const toY = useYAxisScale();
  if (!toX || !toY) return null;
  const placed: Box[] = [];
  const names = curves.flatMap(({ name, points, labelAt, colour, beside }) => {
    const at = points[Math.round(labelAt * (points.length - 1))];
    if (!at || beside === 'hidden') return [];
    const x = (toX(at.x) ?? 0) + (beside ? 10 : 0);
    const y = toY(at.y) ?? 0;
    const anchor: 'start' | 'middle' | 'end' = beside || labelAt < 0.2 ? 'start' : labelAt > 0.66 ? 'end' : 'middle';
    const width = letter * name.length;
    const left = x - { start: 0, middle: width / 2, end: width }[anchor];
    const box = { left, right: left + width, base: y + (y < 30 ? 18 : beside ? 4 : -8) };
    // Each step clears one of them at least.
    for (let blocked = overlapped(box, placed); blocked; blocked = overlapped(box, placed)) {
      box.base = blocked.base + lineHeight;
    }
    placed.push(box);
    return [{ name, colour, x, y: box.base, anchor }];
  });
  return (
    <ZIndexLayer zIndex={DefaultZIndexes.label}>
      {names.map(({ name, colour, x, y, anchor }) => (
        <text key={name} x={x} y={y} fill={`var(--chart-${colour})`} fontSize={12} textAnchor={anchor}>
          {name}
        </text>
      ))}
    </ZIndexLayer>
  );
}

function overlapped(box: Box, others: readonly Box[]): Box | undefined {
  return others.find(
    ({ left, right, base }) => left < box.right && right > box.left && Math.abs(base - box.base) < lineHeight,
  );
}
