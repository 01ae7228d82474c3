import { Text, Tooltip } from '@mantine/core';
import type { MatchedMoment } from '../core/ranking/match';

/** `0:03`, `1:02:45`; with `tenths`, `0:03.4`. Seconds below zero read as zero. */
export function clock(seconds: number, { tenths = false } = {}): string {
  const safe = Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
  const whole = tenths ? Math.floor(safe * 10) / 10 : Math.floor(safe);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole - hours * 3600 - minutes * 60;
  const text = tenths ? rest.toFixed(1).padStart(4, '0') : String(Math.floor(rest)).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${text}` : `${minutes}:${text}`;
}

/** `best at 0:03 (±0.4 s)`: half the distance between neighbouring sampled frames either side. */
export function momentText({ time, resolution }: MatchedMoment): string {
  const half = resolution / 2;
  if (half < 0.05) return `best at ${clock(time)}`;
  return `best at ${clock(time)} (±${half < 10 ? half.toFixed(1) : Math.round(half)} s)`;
}

/** Where in the match the query's look is found best, and what that means on hover or focus. */
export function Moment({ moment }: { moment: MatchedMoment }) {
  const spacing = moment.resolution > 0 ? ` Frames ${moment.resolution.toFixed(1)} s apart were compared.` : '';
  const label = `The frame at ${clock(moment.time, { tenths: true })} is nearest to the query's frame at ${clock(moment.queryTime, { tenths: true })} (similarity ${moment.similarity.toFixed(3)}).${spacing}`;
  return (
    <Tooltip label={label} multiline w={260} withinPortal={false} events={{ hover: true, focus: true, touch: true }}>
      <Text component="span" size="sm" c="dimmed" tabIndex={0} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {momentText(moment)}
      </Text>
    </Tooltip>
  );
}
