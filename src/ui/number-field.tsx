import { TextInput } from '@mantine/core';
import { useState } from 'react';

type NumberFieldProps = {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  /** Whole numbers by default. */
  readonly step?: number;
  readonly width?: number;
  readonly onValue: (value: number) => void;
};

/** A field that may be empty while it is typed in; each number within bounds counts at once. */
export function NumberField({ label, value, min = 1, max, step = 1, width = 112, onValue }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <TextInput
      type="number"
      label={label}
      w={width}
      min={min}
      max={max}
      step={step}
      value={typed ?? String(value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const number = Number.isInteger(step) ? Number.parseInt(text, 10) : Number.parseFloat(text);
        if (number >= min && number <= max) onValue(number);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
