import { Alert, Button, Group, Modal, Progress, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { bytesText } from './bytes-text';
import { SearchMemory } from './search-memory';
import classes from './settings.module.css';

const persistence = {
  yes: 'Yes: the browser keeps it until you remove it.',
  no: 'No: the browser may clear it when the disk runs full.',
  unknown: 'This browser does not say.',
} as const;

/** What the library takes up, whether it stays, and ways to make room. */
export function StorageSection() {
  const { storage, library, search, jobs } = useStores();
  const { status, persistent, refused, busy, freed, error } = useStoreValue(storage, (all) => all);
  const videos = useStoreValue(library, (all) => all.summary.videos);
  const [asking, setAsking] = useState(false);
  const share = status && status.quota > 0 ? (100 * status.usage) / status.quota : 0;

  const clear = async () => {
    await jobs.getState().cancel();
    await storage.getState().clear();
    setAsking(false);
    search.getState().forgetAll();
    await library.getState().load();
  };

  return (
    <section className={classes.section} aria-labelledby="storage-title">
      <Title order={2} size="h4" id="storage-title">
        Storage
      </Title>
      {status ? (
        <dl className={classes.facts}>
          <dt>Used</dt>
          <dd>
            {bytesText(status.usage)} of {bytesText(status.quota)} that the browser allows
          </dd>
          <dt>Persistent</dt>
          <dd>{persistence[persistent]}</dd>
        </dl>
      ) : (
        !error && <Skeleton h={48} aria-hidden />
      )}
      {status && <Progress aria-label="Storage used" value={Math.max(share, 0.5)} />}
      {error && (
        <Alert color="red" title="That did not work" role="alert">
          <ErrorWords error={error} />
        </Alert>
      )}
      <Group gap={8}>
        {persistent === 'no' && (
          <Button variant="default" onClick={() => void storage.getState().persist()}>
            Ask to keep it
          </Button>
        )}
        <Button
          variant="default"
          disabled={busy !== undefined}
          loading={busy === 'freeing'}
          onClick={() => void storage.getState().freeProxies()}
        >
          Free playback copies
        </Button>
        <Button variant="default" disabled={busy !== undefined} onClick={() => setAsking(true)}>
          Clear library
        </Button>
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {refused &&
          'The browser declined. It decides by how often you use this page: try again later, or install the page. '}
        {freed !== undefined && `Playback copies removed; ${bytesText(freed)} freed so far as the browser tells. `}
        Playback copies are made again when you play a video.
      </Text>
      <SearchMemory />

      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Clear the library?"
        transitionProps={{ duration: 120 }}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap={16}>
          <Text size="sm">
            {videos} {videos === 1 ? 'video' : 'videos'} with all vectors, thumbnails and playback copies will be
            removed from this browser. This cannot be undone. Your files on disk and the models stay.
          </Text>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button color="red.9" loading={busy === 'clearing'} onClick={() => void clear()}>
              Clear for good
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}
