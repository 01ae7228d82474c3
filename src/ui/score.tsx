import { Box, Text, Tooltip } from '@mantine/core';
import classes from './score.module.css';

/** `1st`, `2nd`, `99.1st`, `50th`, `11th`: the ending follows the last digit that is spoken. */
export function ordinal(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(1).replace(/\.0$/, '');
  const teen = /1[123]$/.test(text) && !text.includes('.');
  const ending = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[Number(text.at(-1))] ?? 'th');
  return `${text}${ending}`;
}

export type ScoreProps = {
  readonly similarity: number;
  /** Share of the library that is less similar, 0..100; undefined where that says nothing. */
  readonly percentile: number | undefined;
  /** What the number is: `cosine of mean ResNet-50 vectors, 8 frames`. */
  readonly meaning: string;
};

/** A similarity with three decimals, its percentile and a bar; hover or focus says what the number is. */
export function Score({ similarity, percentile, meaning }: ScoreProps) {
  const place = percentile === undefined ? undefined : `${ordinal(percentile)} percentile`;
  return (
    <Tooltip
      label={place ? `${meaning}; ${place} of your library` : meaning}
      multiline
      w={260}
      // In a portal it would lie outside of every landmark.
      withinPortal={false}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Box component="span" tabIndex={0} className={classes.score}>
        <Text component="span" fw={600}>
          {similarity.toFixed(3)}
        </Text>
        <span className={classes.bar} aria-hidden="true">
          <span style={{ width: `${Math.max(0, Math.min(100, similarity * 100))}%` }} />
        </span>
        {place && (
          <Text component="span" size="xs" c="dimmed">
            {place}
          </Text>
        )}
      </Box>
    </Tooltip>
  );
}
