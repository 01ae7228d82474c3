import { Group, NativeSelect } from '@mantine/core';
import type { ExtractorCard } from '../../extractors/extractor';
import { defaultOf } from '../../extractors/options';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from './number-field';

/** What a person may choose of one extractor, as its card lists it. */
export function ExtractorOptions({ card: { id, label, options = [] } }: { card: ExtractorCard }) {
  const { preferences } = useStores();
  const all = useStoreValue(preferences, (state) => state.extractorOptions);
  if (options.length === 0) return null;
  const chosen = all[id] ?? {};
  const choose = (option: string, value: string | number) =>
    preferences.getState().set({ extractorOptions: { ...all, [id]: { ...chosen, [option]: value } } });
  return (
    <Group role="group" aria-label={`Options of ${label}`} gap={16} ml={48} mt={8}>
      {options.map((option) => {
        const value = chosen[option.id] ?? defaultOf(option);
        return option.type === 'number' ? (
          <NumberField
            key={option.id}
            label={option.label}
            visibleLabel
            value={Number(value)}
            min={option.least}
            max={option.most}
            step={1}
            onValue={(number) => choose(option.id, Math.round(number))}
          />
        ) : (
          <NativeSelect
            key={option.id}
            size="xs"
            label={option.label}
            value={String(value)}
            data={[...option.values]}
            onChange={(event) => choose(option.id, event.currentTarget.value)}
          />
        );
      })}
    </Group>
  );
}
