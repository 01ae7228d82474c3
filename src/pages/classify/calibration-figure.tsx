import { memo } from 'react';
import type { Calibration } from '../../core/classify/score-histograms';
import { toCsv } from '../../core/evaluation/csv';
import { ChartFigure } from '../../ui/charts/chart-figure';
import { CurveChart } from '../../ui/charts/curve-chart';
import { percent, three } from '../descriptor-words';

const header = ['Probability told', 'Share right', 'Pairs'];

/** How often a label is there by how probable it was said to be. */
export const CalibrationFigure = memo(({ calibration: { points, error } }: { readonly calibration: Calibration }) => {
  const rows = points.map(({ told, right, pairs }) => [told, right, pairs]);
  const sure = points.at(-1);
  return (
    <ChartFigure
      name="Calibration"
      summary={`Expected calibration error ${three(error)}, of all pairs of video and category.${
        sure ? ` Where the head says ${percent(sure.told)}, it is right in ${percent(sure.right)}.` : ''
      }`}
      numbers={{ header, rows }}
      csv={() => toCsv([header, ...rows])}
    >
      <CurveChart
        curves={[
          {
            name: 'as said',
            colour: 2,
            dashed: true,
            labelAt: 1,
            points: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
          },
          {
            name: 'this head',
            colour: 1,
            labelAt: 0.5,
            dots: true,
            points: points.map(({ told, right }) => ({ x: told, y: right })),
          },
        ]}
        x="Probability told"
        y="Share right"
      />
    </ChartFigure>
  );
});
