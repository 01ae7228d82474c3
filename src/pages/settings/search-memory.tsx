import { Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStores, useStoreValue } from '../../state/stores';

/** How much of the device's memory the vectors of a search may take, and what happens beyond. */
export function SearchMemory() {
  const { engine, preferences, ranking } = useStores();
  const { searchMemory, set } = useStoreValue(preferences, (all) => all);
  const compact = useStoreValue(ranking, (all) => all.compact);
  const [typed, setTyped] = useState<string>();

  const allow = (megabytes: number | null) => {
    set({ searchMemory: megabytes });
    void engine.library.setMemory({ bytes: megabytes === null ? undefined : megabytes * 2 ** 20 });
  };

  return (
    <Stack gap={8}>
      <TextInput
        type="number"
        size="xs"
        w={180}
        label="Memory for search (MB)"
        placeholder="Automatic"
        min={1}
        value={typed ?? (searchMemory === null ? '' : String(searchMemory))}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          if (text === '') allow(null);
          else if (Number(text) >= 1) allow(Math.floor(Number(text)));
        }}
        onBlur={() => setTyped(undefined)}
      />
      <Switch
        label="Search compactly what does not fit"
        checked={compact}
        onChange={(event) => ranking.getState().set({ compact: event.currentTarget.checked })}
      />
      <Text size="xs" c="dimmed">
        A vector takes four bytes a value, so 13,000 videos by ResNet-50 take 110 MB. Compactly it takes one; the best
        256 matches are then compared in full. Left empty, half of the device's memory is used.
      </Text>
    </Stack>
  );
}
