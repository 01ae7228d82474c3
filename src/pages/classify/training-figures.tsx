import { memo, useMemo } from 'react';
import type { Epoch } from '../../core/classify/fit-network';
import { toCsv } from '../../core/evaluation/csv';
import { ChartFigure } from '../../ui/charts/chart-figure';
import { CurveChart, evenly } from '../../ui/charts/curve-chart';
import { three } from '../descriptor-words';

/** Epochs that are drawn: the curves are drawn anew as they grow. */
const drawn = 150;
const header = ['Epoch', 'Training loss', 'Loss judged', 'Accuracy', 'mAP'];

/** Loss, accuracy and mAP of each epoch so far. */
export const TrainingFigures = memo(({ epochs }: { readonly epochs: readonly Epoch[] }) => {
  const rows = useMemo(
    () =>
      evenly(epochs.length, drawn).map((i) => {
        const { epoch, loss, judgedLoss, accuracy, map } = epochs[i] as Epoch;
        return [epoch, loss, judgedLoss, accuracy, map] as const;
      }),
    [epochs],
  );
  const last = epochs.at(-1);
  if (!last) return null;
  const part = last.judged === 'validation' ? 'validation' : 'training';
  const points = (column: number) => rows.map((row) => ({ x: row[0], y: row[column] as number }));
  const xDomain = [1, Math.max(2, last.epoch)] as const;
  const common = {
    numbers: { header, rows: rows.map((row) => [...row]) },
    csv: () => toCsv([header, ...rows.map((row) => [...row])]),
  };
  const highest = Math.max(...rows.flatMap(([, loss, judged]) => [loss, judged]));
  return (
    <>
      <ChartFigure
        name="Training curves"
        summary={`Epoch ${last.epoch}: accuracy ${three(last.accuracy)}, mAP ${three(last.map)}, of the ${part} videos.`}
        {...common}
      >
        <CurveChart
          curves={[
            { name: 'accuracy', colour: 3, labelAt: 0.45, points: points(3) },
            { name: 'mAP', colour: 1, labelAt: 0.8, points: points(4) },
          ]}
          x="Epoch"
          y={`Of ${part} videos`}
          xDomain={xDomain}
        />
      </ChartFigure>
      <ChartFigure
        name="Loss"
        summary={`Epoch ${last.epoch}: ${three(last.loss)} in training (with penalty and dropout), ${three(last.judgedLoss)} on the ${part} videos as they are.`}
        {...common}
      >
        <CurveChart
          curves={[
            { name: 'in training', colour: 1, labelAt: 0.3, points: points(1) },
            { name: `${part} videos`, colour: 3, labelAt: 0.7, dashed: true, points: points(2) },
          ]}
          x="Epoch"
          y="Loss"
          xDomain={xDomain}
          yTo={Math.ceil(highest * 10) / 10 || 1}
        />
      </ChartFigure>
    </>
  );
});
