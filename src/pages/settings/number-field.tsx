import { TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './settings.module.css';

type NumberFieldProps = {
  readonly label: string;
  /** Shown above it; else the label is only heard. */
  readonly visibleLabel?: boolean;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
};

/** May be empty or out of range while it is typed in; only numbers in range count. */
export function NumberField({ label, visibleLabel = false, value, min, max, step, onValue }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <TextInput
      type="number"
      size="xs"
      className={classes.number}
      {...(visibleLabel ? { label } : { 'aria-label': label, title: label })}
      min={min}
      max={max}
      step={step}
      value={typed ?? String(value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const next = Number(text);
        if (text !== '' && next >= min && next <= max) onValue(next);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
