import type { Result } from './row';

export type Skipped = { readonly name: string; readonly reason: string };

/** The results as aligned columns, what each row compares below them. */
export function printTable(results: readonly Result[], skipped: readonly Skipped[]): void {
  const head = ['row', 'ours', 'peer', 'ratio', 'range', 'goal', ''];
  const lines = results.map(cells);
  const widths = head.map((title, column) =>
    Math.max(...[head, ...lines].map((line) => (line[column] ?? title).length)),
  );
  for (const line of [head, ...lines]) {
    console.log(
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  console.log('');
  for (const { name, work, peerName, notes, ratios } of results) {
    console.log(`${name}: ${work}; peer: ${peerName}; median of ${ratios.length}.`);
    for (const note of notes) console.log(`  ${note}`);
  }
  for (const { name, reason } of skipped) console.log(`${name}: skipped, ${reason}.`);
}

/** One result in a line, to be read while the others are measured. */
export const resultLine = (result: Result): string => cells(result).join('  ');

function cells(result: Result): readonly string[] {
  return [
    result.name,
    figure(result, result.ours),
    figure(result, result.peer),
    ratioText(result.goal, result.ratio),
    rangeText(result),
    goalText(result.goal),
    result.met === undefined ? '' : result.met ? 'met' : 'SHORT',
  ];
}

function rangeText({ goal, ratios }: Result): string {
  const sorted = [...ratios].sort((a, b) => (isUpperBound(goal) ? a - b : b - a));
  return [sorted[0], sorted.at(-1)].map((ratio) => ratioText(goal, ratio ?? Number.NaN)).join(' .. ');
}

function isUpperBound(goal: Result['goal']): boolean {
  return !goal || 'atMost' in goal;
}

function ratioText(goal: Result['goal'], ratio: number): string {
  return isUpperBound(goal) ? `${ratio.toFixed(2)}x` : `${(1 / ratio).toFixed(2)}x faster`;
}

function goalText(goal: Result['goal']): string {
  if (!goal) return '-';
  return 'atMost' in goal ? `<= ${Number(goal.atMost.toFixed(2))}x` : `>= ${goal.timesFaster}x faster`;
}

function figure({ unit }: Result, value: number): string {
  return unit === 'seconds' ? duration(value) : `${value.toFixed(0)} ${unit}`;
}

function duration(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(seconds * 1000).toFixed(1)} ms`;
}
