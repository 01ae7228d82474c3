import { Button, Group, RangeSlider, Text } from '@mantine/core';
import { Scissors } from 'lucide-react';
import { useState } from 'react';
import type { Part } from '../../core/sampling';
import type { PartRead } from '../../state/part-features';
import { type Frame, FrameStrip } from '../../ui/frame-strip';
import { clock } from '../../ui/moment';
import classes from './examples.module.css';

type Props = {
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly frames: readonly Frame[];
  /** What is searched with now; undefined for the whole clip. */
  readonly part: Part | undefined;
  readonly read: PartRead | undefined;
  readonly onPart: (part: Part | undefined) => void;
};

/** Seconds that a part lasts at least. */
const shortest = 0.2;

/** The frames of the query in a row, and which part of them is searched with. */
export function PartSelect({ name, duration, frames, part, read, onPart }: Props) {
  const [chosen, setChosen] = useState<readonly [number, number]>([part?.from ?? 0, part?.to ?? duration]);
  const [from, to] = chosen;
  const whole = from <= 0 && to >= duration;
  const searched = part ? part.from === from && part.to === to : whole;
  const seconds = (at: number) => clock(at, { tenths: true });
  return (
    <fieldset className={classes.part} aria-label="Part of the clip">
      <FrameStrip frames={frames} of={name} row within={whole ? undefined : { from, to }} />
      <RangeSlider
        size="sm"
        min={0}
        max={duration}
        step={0.1}
        minRange={shortest}
        label={null}
        thumbFromLabel="Part from, seconds"
        thumbToLabel="Part to, seconds"
        value={[from, to]}
        onChange={setChosen}
      />
      <Group gap={8}>
        <Text size="xs" c="dimmed" className={classes.time}>
          {seconds(from)} to {seconds(to)}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Scissors size={12} aria-hidden />}
          disabled={searched || whole}
          onClick={() => onPart({ from, to })}
        >
          Search with this part
        </Button>
        {part && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setChosen([0, duration]);
              onPart(undefined);
            }}
          >
            Whole clip
          </Button>
        )}
      </Group>
      {part && read && (
        <Text size="xs" c="dimmed" role="status">
          Searched with {seconds(part.from)} to {seconds(part.to)}: {partWords(read)}.
        </Text>
      )}
    </fieldset>
  );
}

function partWords({ moments, again }: PartRead): string {
  const count = `${moments} ${moments === 1 ? 'moment' : 'moments'}`;
  return again ? `${count} read again from the file` : `${count} known from the whole clip`;
}
