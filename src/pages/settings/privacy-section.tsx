import { Button, Group, Switch, Text, Title } from '@mantine/core';
import { useStores, useStoreValue } from '../../state/stores';
import { mostWatched } from '../../state/watched-store';
import { showUndoable } from '../undo-toast';
import classes from './settings.module.css';

/** What left this device, as measured. */
export function PrivacySection() {
  const { engine, watched } = useStores();
  const { total, models } = useStoreValue(engine.requests, (all) => all);
  const { on, videos, setOn, replace } = useStoreValue(watched, (all) => all);
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
      <Group justify="space-between" gap={12}>
        <Switch
          label="Keep what I watch"
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
          aria-describedby="watched-note"
        />
        <Button
          size="compact-sm"
          variant="default"
          disabled={videos.length === 0}
          onClick={() => {
            replace([]);
            showUndoable('What you watched is forgotten.', { undo: async () => replace(videos) });
          }}
        >
          Forget what I watched
        </Button>
      </Group>
      <Text size="xs" c="dimmed" id="watched-note">
        {videos.length === 0
          ? 'Nothing is kept now.'
          : `${videos.length} ${videos.length === 1 ? 'video is' : 'videos are'} kept now.`}{' '}
        Which videos you played here, when and for how long, at most {mostWatched}, in this browser alone: the page
        Search finds more like them.
      </Text>
    </section>
  );
}
