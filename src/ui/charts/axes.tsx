const fontSize = 12;
const quiet = 'var(--chart-quiet)';

type TickProps = {
  readonly x: number | string;
  readonly y: number | string;
  readonly payload: { readonly value: number | string };
  readonly textAnchor?: string | undefined;
  readonly verticalAnchor?: string | undefined;
};

/** Every tick is drawn, as plain text: the chart library's own are measured one by one, which lays the whole page out for each. */
export const axis = {
  interval: 0,
  stroke: 'var(--chart-line)',
  tick: ({ x, y, payload, textAnchor, verticalAnchor }: TickProps) => (
    <text
      x={x}
      y={y}
      dy={verticalAnchor === 'start' ? '0.71em' : '0.355em'}
      textAnchor={textAnchor as 'start' | 'middle' | 'end'}
      fill={quiet}
      fontSize={fontSize}
    >
      {payload.value}
    </text>
  ),
} as const;

/** The name of an axis. */
export function title(value: string, place: 'below' | 'left') {
  const text = { value, fill: quiet, fontSize };
  return place === 'below'
    ? { ...text, position: 'insideBottom' as const, offset: -12 }
    : { ...text, position: 'insideLeft' as const, offset: 6, angle: -90, style: { textAnchor: 'middle' as const } };
}

const none = (): number[] => [];

/** Lines of a grid in one direction alone; where the others would stand is not worked out, which measures text. */
export const gridLines = {
  level: { stroke: 'var(--chart-line)', vertical: false, verticalCoordinatesGenerator: none },
  upright: { stroke: 'var(--chart-line)', horizontal: false, horizontalCoordinatesGenerator: none },
} as const;
