import { TextInput } from '@mantine/core';
import { NumberField } from '../../ui/number-field';
import { hiddenSizes, type TrainChoices, timeScales } from './train-choices';

type Props = {
  readonly choices: TrainChoices;
  readonly onChange: (changes: Partial<TrainChoices>) => void;
};

/** What can be chosen of one head alone. */
export function HeadFields({ choices, onChange }: Props) {
  const { head } = choices;
  const dropout = (
    <NumberField
      label="Dropout"
      value={choices.dropout}
      min={0}
      max={0.9}
      step={0.1}
      onValue={(dropout) => onChange({ dropout })}
    />
  );
  if (head === 'nearest-neighbours') {
    return (
      <NumberField
        label="Neighbours"
        value={choices.neighbours}
        max={1000}
        onValue={(neighbours) => onChange({ neighbours })}
      />
    );
  }
  if (head === 'mlp') {
    return (
      <>
        <TextInput
          label="Hidden sizes"
          w={120}
          value={choices.hidden}
          error={hiddenSizes(choices.hidden) ? undefined : 'such as 512, 128'}
          onChange={(event) => onChange({ hidden: event.currentTarget.value })}
        />
        {dropout}
      </>
    );
  }
  if (head === 'logistic') return null;
  return (
    <>
      <NumberField label="Units" value={choices.units} max={1024} onValue={(units) => onChange({ units })} />
      <TextInput
        label="Time scales"
        w={120}
        value={choices.scales}
        error={timeScales(choices.scales) ? undefined : 'such as 1, 2, 4'}
        onChange={(event) => onChange({ scales: event.currentTarget.value })}
      />
      {dropout}
    </>
  );
}
