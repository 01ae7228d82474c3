import { Stack, Switch, Text, Title } from '@mantine/core';
import { extractors } from '../../extractors/registry';
import { useStores, useStoreValue } from '../../state/stores';
import { ExtractorOptions } from './extractor-options';
import classes from './settings.module.css';

/** Which descriptors are made of new videos; at least one stays on. */
export function DescriptorsSection() {
  const { preferences } = useStores();
  const off = useStoreValue(preferences, (all) => all.extractorsOff);
  const on = extractors.filter(({ id }) => !off.includes(id));
  return (
    <section className={classes.section} aria-labelledby="descriptors-title">
      <Title order={2} size="h4" id="descriptors-title">
        Descriptors
      </Title>
      <Stack gap={12}>
        {extractors.map((card) => {
          const { id, label, summary } = card;
          const checked = !off.includes(id);
          const last = checked && on.length === 1;
          return (
            <div key={id}>
              <Switch
                label={label}
                description={last ? `${summary} One descriptor has to stay on.` : summary}
                checked={checked}
                disabled={last}
                onChange={(event) =>
                  preferences.getState().set({
                    extractorsOff: event.currentTarget.checked ? off.filter((other) => other !== id) : [...off, id],
                  })
                }
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
