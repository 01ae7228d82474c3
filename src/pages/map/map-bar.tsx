import { Anchor, Button, Checkbox, Group, NativeSelect, Text } from '@mantine/core';
import { Map as MapIcon } from 'lucide-react';
import { Link } from 'react-router';
import type { InputScaling } from '../../core/map/input-rows';
import type { ProjectionMethod } from '../../core/map/projection';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { TaskProgress } from '../../ui/task-progress';
import { type SpaceSummary, spaceOptions } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { isAutoencoder, type MapChoices, methodMeaning, methodWords } from './map-choices';

type Props = {
  readonly spaces: readonly SpaceSummary[];
  readonly chosen: readonly string[];
  readonly scaling: InputScaling;
  readonly choices: MapChoices;
  /** Videos that have vectors in all that is chosen. */
  readonly videos: number;
  readonly onChange: (changes: Partial<MapChoices>) => void;
  /** Undefined where the choice makes no map. */
  readonly onDraw: (() => void) | undefined;
};

/** Projection, descriptors and their settings, then Draw map; cancel while it runs. */
export function MapBar({ spaces, chosen, scaling, choices, videos, onChange, onDraw }: Props) {
  const { map } = useStores();
  const running = useStoreValue(map, (state) => state.running);
  const { method } = choices;
  return (
    <section aria-label="Settings of the map">
      <div className={classes.bar}>
        <NativeSelect
          label="Projection"
          w={method === 'conv-vae' ? 180 : 110}
          value={method}
          data={Object.entries(methodWords).map(([value, label]) => ({ value, label }))}
          onChange={(event) => onChange({ method: event.currentTarget.value as ProjectionMethod })}
        />
        <Checkbox.Group
          label="Descriptors"
          description={method === 'conv-vae' && chosen.length > 1 ? 'One alone' : undefined}
          value={[...chosen]}
          onChange={(keys) => onChange({ spaces: keys, scaling: undefined })}
        >
          <Group gap={12} mih={36}>
            {spaceOptions(spaces).map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Group>
        </Checkbox.Group>
        {!isAutoencoder(method) && (
          <NativeSelect
            label="Values"
            value={scaling}
            data={[
              { value: 'unit', label: 'unit length' },
              { value: 'standardise', label: 'standardised' },
              { value: 'none', label: 'as they are' },
            ]}
            onChange={(event) => onChange({ scaling: event.currentTarget.value as InputScaling })}
          />
        )}
        {method === 'umap' && (
          <>
            <NumberField
              label="Neighbours"
              value={choices.neighbours}
              min={2}
              max={200}
              onValue={(neighbours) => onChange({ neighbours })}
            />
            <NumberField
              label="Least distance"
              width={132}
              value={choices.minDistance}
              min={0}
              max={1}
              step={0.05}
              onValue={(minDistance) => onChange({ minDistance })}
            />
          </>
        )}
        {isAutoencoder(method) && (
          <>
            <NumberField
              label="Epochs"
              value={choices.epochs}
              max={20_000}
              onValue={(epochs) => onChange({ epochs })}
            />
            <NumberField label="Hidden" value={choices.hidden} max={4096} onValue={(hidden) => onChange({ hidden })} />
            <NumberField
              label="Learning rate"
              value={choices.learningRate}
              min={0.000001}
              max={1}
              step={0.0001}
              onValue={(learningRate) => onChange({ learningRate })}
            />
            <NumberField
              label="KL weight"
              value={choices.divergenceWeight}
              min={0}
              max={1000}
              step={0.1}
              onValue={(divergenceWeight) => onChange({ divergenceWeight })}
            />
          </>
        )}
        <NumberField
          label="Seed"
          width={88}
          value={choices.seed}
          min={0}
          max={2 ** 31}
          onValue={(seed) => onChange({ seed })}
        />
        <Button
          leftSection={<MapIcon size={16} aria-hidden />}
          disabled={running !== undefined || !onDraw}
          onClick={onDraw}
        >
          Draw map
        </Button>
      </div>
      <Text size="sm" c="dimmed" mt={4}>
        {methodMeaning[method]}{' '}
        {spaces.length > 0 && chosen.length === 0
          ? 'Choose at least one descriptor.'
          : `${videos.toLocaleString('en')} ${videos === 1 ? 'video has' : 'videos have'} what is chosen.`}
      </Text>
      {spaces.length === 0 && (
        <Text size="sm" mt={4}>
          No video has a picture of its sound yet: switch Mel spectrogram on in the{' '}
          <Anchor component={Link} to="/settings" size="sm" underline="always">
            settings
          </Anchor>
          , then index videos with sound again.
        </Text>
      )}
      {running && (
        <TaskProgress
          name="Drawing the map"
          task={running}
          onPause={map.getState().pause}
          onCancel={map.getState().cancel}
        />
      )}
    </section>
  );
}
