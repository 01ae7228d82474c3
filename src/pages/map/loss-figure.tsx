import { memo, useMemo } from 'react';
import { toCsv } from '../../core/evaluation/csv';
import type { AutoencoderEpoch } from '../../core/map/projection';
import { ChartFigure } from '../../ui/charts/chart-figure';
import { CurveChart, evenly } from '../../ui/charts/curve-chart';

const header = ['Epoch', 'Reconstruction', 'KL divergence'];
const row = ({ epoch, reconstruction, divergence }: AutoencoderEpoch) => [epoch, reconstruction, divergence];
/** Points that are drawn: the curves are drawn anew as they grow. */
const drawn = 150;

/** Losses of the autoencoder, epoch by epoch. */
export const LossFigure = memo(({ epochs }: { readonly epochs: readonly AutoencoderEpoch[] }) => {
  const shown = useMemo(() => evenly(epochs.length, drawn).map((i) => epochs[i] as AutoencoderEpoch), [epochs]);
  const last = epochs.at(-1);
  if (!last) return null;
  const highest = Math.max(...shown.flatMap(({ reconstruction, divergence }) => [reconstruction, divergence]));
  const points = (key: 'reconstruction' | 'divergence') => shown.map((epoch) => ({ x: epoch.epoch, y: epoch[key] }));
  return (
    <ChartFigure
      name="VAE loss"
      summary={`Epoch ${last.epoch}: reconstruction ${last.reconstruction.toFixed(2)} (half the squared error), KL divergence ${last.divergence.toFixed(3)}, each a mean over the videos.`}
      numbers={{ header, rows: shown.map(row) }}
      csv={() => toCsv([header, ...epochs.map(row)])}
    >
      <CurveChart
        curves={[
          { name: 'reconstruction', colour: 1, labelAt: 0.5, points: points('reconstruction') },
          { name: 'KL divergence', colour: 2, labelAt: 0.75, points: points('divergence') },
        ]}
        x="Epoch"
        y="Loss"
        xDomain={[1, Math.max(2, last.epoch)]}
        yTo={Math.ceil(highest * 10) / 10 || 1}
      />
    </ChartFigure>
  );
});
