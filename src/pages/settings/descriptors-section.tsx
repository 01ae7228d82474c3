import { Stack, Switch, Text, Title } from '@mantine/core';
import { extractors } from '../../extractors/registry';
import { isOn, switched } from '../../state/preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { ExtractorOptions } from './extractor-options';
import classes from './settings.module.css';

/** Which descriptors are made of new videos; at least one stays on. */
export function DescriptorsSection() {
  const { preferences } = useStores();
  const chosen = useStoreValue(preferences, (all) => all);
  const on = extractors.filter((card) => isOn(chosen, card));
  return (
    <section className={classes.section} aria-labelledby="descriptors-title">
      <Title order={2} size="h4" id="descriptors-title">
        Descriptors
      </Title>
      <Stack gap={12}>
        {extractors.map((card) => {
          const { id, label, summary } = card;
          const checked = isOn(chosen, card);
          const last = checked && on.length === 1;
          return (
            <div key={id}>
              <Switch
                label={label}
                description={last ? `${summary} One descriptor has to stay on.` : summary}
                checked={checked}
                disabled={last}
                onChange={(event) => chosen.set(switched(chosen, card, event.currentTarget.checked))}
              />
              {checked && <ExtractorOptions card={card} />}
            </div>
          );
        })}
      </Stack>
      <Text size="xs" c="dimmed">
        Applies to videos that are indexed from now on. Vectors already stored stay and can be searched; those made with
        other options are never compared with one another.
      </Text>
    </section>
  );
}
