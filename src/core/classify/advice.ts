import { mostConfusedPairs } from '../evaluation/confusion';
import type { ClassifyReport } from './classify-report';
import { atThreshold } from './score-histograms';

/** One thing to do next, and the numbers that say so. */
export type Advice =
  | { readonly about: 'unseen'; readonly labels: readonly string[]; readonly leftOut: number }
  | { readonly about: 'few-examples'; readonly labels: readonly string[]; readonly fewer: number }
  | {
      readonly about: 'confused';
      readonly pairs: readonly { readonly truth: string; readonly predicted: string; readonly share: number }[];
    }
  | {
      readonly about: 'thresholds';
      readonly labels: readonly string[];
      readonly f1: number;
      readonly best: number;
    }
  | { readonly about: 'calibration'; readonly error: number; readonly sure: boolean }
  | { readonly about: 'leakage'; readonly shared: number; readonly test: number }
  | { readonly about: 'overfit'; readonly training: number; readonly test: number }
  | { readonly about: 'still-rising'; readonly epoch: number }
  | { readonly about: 'constant'; readonly columns: number }
  | { readonly about: 'untested'; readonly untested: number; readonly test: number };

const fewExamples = 5;

/** What the numbers of a test say should be done, the most pressing first. */
export function adviceOf(report: ClassifyReport): readonly Advice[] {
  const { classes, rows, counts, epochs, settings } = report;
  const advice: Advice[] = [];
  if (counts.sharedGroups > 0) advice.push({ about: 'leakage', shared: counts.sharedGroups, test: counts.test });
  if (report.unseen.length > 0) advice.push({ about: 'unseen', labels: report.unseen, leftOut: counts.leftOut });
  const few = classes.filter((_, i) => (rows[i]?.train ?? 0) < fewExamples);
  if (few.length > 0) advice.push({ about: 'few-examples', labels: few, fewer: fewExamples });
  const pairs = mostConfusedPairs(report.confusion, 3).filter(({ share, count }) => share >= 0.1 && count >= 1);
  if (pairs.length > 0) {
    const name = (label: number) => classes[label] ?? '';
    advice.push({
      about: 'confused',
      pairs: pairs.map(({ truth, predicted, share }) => ({ truth: name(truth), predicted: name(predicted), share })),
    });
  }
  const thresholds = betterThresholds(report);
  if (thresholds) advice.push(thresholds);
  const { points, error } = report.calibration;
  if (error >= 0.05) {
    const lean = points.reduce((sum, { told, right, pairs: size }) => sum + size * (told - right), 0);
    advice.push({ about: 'calibration', error, sure: lean > 0 });
  }
  const last = epochs.at(-1);
  const map = report.summary.find(({ metric }) => metric === 'map-macro')?.value ?? 0;
  if (last?.judged === 'training' && last.map - map >= 0.2) {
    advice.push({ about: 'overfit', training: last.map, test: map });
  }
  if (last?.judged === 'validation' && report.epoch === settings.descent.epochs) {
    advice.push({ about: 'still-rising', epoch: last.epoch });
  }
  if (counts.constant > 0) advice.push({ about: 'constant', columns: counts.constant });
  if (counts.untested > 0) advice.push({ about: 'untested', untested: counts.untested, test: counts.test });
  return advice;
}

/** Where thresholds chosen on the validation part do better on the test part than one half. */
function betterThresholds({ settings, thresholds, classes, rows }: ClassifyReport): Advice | undefined {
  const { best, histograms } = thresholds;
  if (settings.outcome !== 'several-labels' || !best) return undefined;
  const present = classes.flatMap((_, i) => ((rows[i]?.test ?? 0) > 0 ? [i] : []));
  const gains = present.map((i) => ({
    i,
    half: atThreshold(histograms, i, 0.5).f1,
    best: atThreshold(histograms, i, best[i] as number).f1,
  }));
  const mean = (of: (gain: (typeof gains)[number]) => number) =>
    gains.reduce((sum, gain) => sum + of(gain), 0) / Math.max(1, gains.length);
  const [f1, found] = [mean(({ half }) => half), mean((gain) => gain.best)];
  if (found - f1 < 0.01) return undefined;
  const labels = gains
    .sort((a, b) => b.best - b.half - (a.best - a.half))
    .slice(0, 5)
    .map(({ i }) => classes[i] as string);
  return { about: 'thresholds', labels, f1, best: found };
}
