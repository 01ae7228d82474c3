import { Text, Title } from '@mantine/core';
import { useStores, useStoreValue } from '../../state/stores';
import classes from './settings.module.css';

/** What left this device, as measured. */
export function PrivacySection() {
  const { engine } = useStores();
  const { total, models } = useStoreValue(engine.requests, (all) => all);
  return (
    <section className={classes.section} aria-labelledby="privacy-title">
      <Title order={2} size="h4" id="privacy-title">
        Privacy
      </Title>
      <Text size="sm">
        Requests beyond this origin: {total} (models {models})
      </Text>
      <Text size="xs" c="dimmed">
        Counted from the browser's own record of requests, in the page and in its workers, since this page was opened.
        Videos, frames and vectors never leave this device; only a model download that you start goes out.
      </Text>
    </section>
  );
}
