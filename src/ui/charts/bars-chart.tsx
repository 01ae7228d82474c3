import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { MoreStages, useStages } from '../staged';
import { axis, gridLines, title } from './axes';

export type ShareBar = { readonly name: string; readonly value: number };

const labelWidth = 150;

const cut = (name: string): string => (name.length > 19 ? `${name.slice(0, 18)}…` : name);

/** One lying bar a class, 0..1, with the chance level as a line. */
export function ShareBars({ bars, chance }: { readonly bars: readonly ShareBar[]; readonly chance: number }) {
  const row = bars.length > 40 ? 14 : 22;
  // The frame, the axes, then the bars.
  const shown = useStages(3);
  return (
    <>
      {shown < 3 && <MoreStages />}
      <ResponsiveContainer width="100%" height={40 + bars.length * row}>
        <BarChart
          accessibilityLayer={false}
          data={[...bars]}
          layout="vertical"
          margin={{ top: 16, right: 16, bottom: 0, left: 0 }}
        >
          {shown > 1 && (
            <>
              <CartesianGrid {...gridLines.upright} />
              <XAxis type="number" domain={[0, 1]} ticks={[0, 0.25, 0.5, 0.75, 1]} {...axis} />
              <YAxis
                type="category"
                dataKey="name"
                width={labelWidth}
                {...axis}
                tick={({ x, y, payload }) => (
                  <text x={x} y={y} dy={4} textAnchor="end" fill="var(--chart-quiet)" fontSize={Math.min(12, row - 3)}>
                    {cut(String(payload.value))}
                  </text>
                )}
              />
            </>
          )}
          {shown > 2 && (
            <>
              <Bar dataKey="value" fill="var(--chart-1)" isAnimationActive={false} />
              <ReferenceLine
                x={chance}
                stroke="var(--chart-2)"
                strokeWidth={2}
                strokeDasharray="5 4"
                label={{ value: `chance ${chance.toFixed(2)}`, position: 'top', fill: 'var(--chart-2)', fontSize: 12 }}
              />
            </>
          )}
        </BarChart>
      </ResponsiveContainer>
    </>
  );
}

export type HistogramBin = { readonly from: number; readonly to: number; readonly a: number; readonly b: number };

/** Bins marked on the axis, about. */
const marked = 6;

/** Two histograms over one scale, each as shares of its own total. */
export function PairedHistogram({
  bins,
  names,
  x,
}: {
  readonly bins: readonly HistogramBin[];
  readonly names: readonly [string, string];
  readonly x: string;
}) {
  const total = (key: 'a' | 'b') =>
    Math.max(
      1,
      bins.reduce((sum, bin) => sum + bin[key], 0),
    );
  const [totalA, totalB] = [total('a'), total('b')];
  const data = bins.map((bin) => ({
    middle: ((bin.from + bin.to) / 2).toFixed(2),
    a: bin.a / totalA,
    b: bin.b / totalB,
  }));
  // The frame, the axes, then a histogram at a time.
  const shown = useStages(4);
  return (
    <>
      {shown < 4 && <MoreStages />}
      <ResponsiveContainer width="100%" height={280}>
        <BarChart
          accessibilityLayer={false}
          data={data}
          barGap={0}
          barCategoryGap={1}
          margin={{ top: 20, right: 24, bottom: 20, left: 0 }}
        >
          {shown > 1 && (
            <>
              <CartesianGrid {...gridLines.level} />
              <XAxis
                dataKey="middle"
                {...axis}
                interval={Math.ceil(data.length / marked) - 1}
                label={title(x, 'below')}
              />
              <YAxis width={56} {...axis} />
            </>
          )}
          {shown > 2 && <Bar dataKey="a" fill="var(--chart-1)" isAnimationActive={false} />}
          {shown > 3 && <Bar dataKey="b" fill="var(--chart-2)" isAnimationActive={false} />}
          <text x={64} y={12} fontSize={12} fill="var(--chart-1)">
            ■ {names[0]}
          </text>
          <text x={96 + 7 * names[0].length} y={12} fontSize={12} fill="var(--chart-2)">
            ■ {names[1]}
          </text>
        </BarChart>
      </ResponsiveContainer>
    </>
  );
}
