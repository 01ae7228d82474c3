import { Button, NativeSelect, Text } from '@mantine/core';
import { GraduationCap } from 'lucide-react';
import type { HeadSettings, Scaling, SplitSettings } from '../../core/classify/settings';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { TaskProgress } from '../../ui/task-progress';
import { type SpaceSummary, spaceOptions } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { HeadFields } from './head-fields';
import { headWords, splitWords, suited, type TrainChoices } from './train-choices';

type Props = {
  readonly spaces: readonly SpaceSummary[];
  readonly space: string | undefined;
  /** Trained on features files: no descriptor is to be chosen. */
  readonly fromFiles: boolean;
  readonly choices: TrainChoices;
  readonly split: SplitSettings['name'];
  readonly ready: boolean;
  readonly onChange: (changes: Partial<TrainChoices>) => void;
  readonly onTrain: () => void;
};

/** Descriptor, head and split, then Train; pause and cancel while it runs. */
export function TrainBar({ spaces, space, fromFiles, choices, split, ready, onChange, onTrain }: Props) {
  const { classify } = useStores();
  const running = useStoreValue(classify, (state) => state.running);
  const { head } = choices;
  const trained = head !== 'nearest-neighbours';
  const percent = (label: string, key: 'test' | 'validation', min: number) => (
    <NumberField
      label={label}
      value={Math.round(100 * choices[key])}
      min={min}
      max={90}
      onValue={(value) => onChange({ [key]: value / 100 })}
    />
  );
  return (
    <section aria-label="Settings of the training">
      <div className={classes.bar}>
        {!fromFiles && (
          <NativeSelect
            label="Descriptor"
            value={space ?? ''}
            data={spaceOptions(spaces)}
            onChange={(event) => onChange({ space: event.currentTarget.value })}
          />
        )}
        <NativeSelect
          label="Head"
          value={head}
          data={Object.entries(headWords).map(([value, label]) => ({ value, label }))}
          onChange={(event) => {
            const name = event.currentTarget.value as HeadSettings['name'];
            onChange({ head: name, ...suited[name] });
          }}
        />
        <HeadFields choices={choices} onChange={onChange} />
        {trained && (
          <NumberField
            label="L2"
            value={choices.l2}
            min={0}
            max={1000}
            step={0.0001}
            onValue={(l2) => onChange({ l2 })}
          />
        )}
        <NativeSelect
          label="Scaling"
          value={choices.scaling}
          data={[
            { value: 'standardise', label: 'standardised' },
            { value: 'root', label: 'square root + L2' },
            { value: 'root-standardise', label: 'square root + L2, standardised' },
            { value: 'none', label: 'as they are' },
          ]}
          onChange={(event) => onChange({ scaling: event.currentTarget.value as Scaling })}
        />
        {trained && (
          <>
            <NumberField
              label="Epochs"
              value={choices.epochs}
              max={10_000}
              onValue={(epochs) => onChange({ epochs })}
            />
            <NumberField label="Batch" value={choices.batch} max={4096} onValue={(batch) => onChange({ batch })} />
            <NumberField
              label="Learning rate"
              value={choices.learningRate}
              min={0.000001}
              max={10}
              step={0.0001}
              onValue={(learningRate) => onChange({ learningRate })}
            />
          </>
        )}
        <NativeSelect
          label="Split"
          value={split}
          data={Object.keys(splitWords)}
          onChange={(event) => onChange({ split: event.currentTarget.value as SplitSettings['name'] })}
        />
        {split !== 'official' && percent('Test, %', 'test', 5)}
        {trained && percent('Validation, %', 'validation', 0)}
        <NumberField label="Seed" value={choices.seed} min={0} max={2 ** 31} onValue={(seed) => onChange({ seed })} />
        <Button
          leftSection={<GraduationCap size={16} aria-hidden />}
          disabled={!ready || running !== undefined}
          onClick={onTrain}
        >
          Train
        </Button>
      </div>
      <Text size="sm" c="dimmed" mt={4}>
        {splitWords[split].replace(/^./, (first) => first.toUpperCase())}.{' '}
        {choices.validation > 0 && trained && 'Training stops once the validation mAP no longer improves.'}
      </Text>
      {running && (
        <TaskProgress
          name="Training"
          task={running}
          onPause={classify.getState().pause}
          onCancel={classify.getState().cancel}
        />
      )}
    </section>
  );
}
