import { Alert, Anchor, Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { ScanSearch } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Query } from '../../state/query';
import { maxResults } from '../../state/search-store';
import { ErrorWords } from '../../ui/error-words';
import { WatchedButton } from './watched-button';

/** A field that may be empty while it is typed in; each whole number counts at once. */
export function ResultsInput({ limit, onLimit }: { limit: number; onLimit: (limit: number) => void }) {
  const [typed, setTyped] = useState<string>();
  return (
    <TextInput
      type="number"
      label="Results"
      w={96}
      min={1}
      max={maxResults}
      step={1}
      value={typed ?? String(limit)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setTyped(value);
        if (Number.parseInt(value, 10) >= 1) onLimit(Number.parseInt(value, 10));
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

type ResultsProps = {
  readonly state: {
    readonly phase: string;
    readonly ranked: boolean;
    readonly found: number;
    /** Whether any descriptor counts. */
    readonly compared: boolean;
    readonly rankError: Parameters<typeof ErrorWords>[0]['error'] | undefined;
  };
  readonly of: number;
  readonly query: Query | undefined;
  /** Name of a descriptor of sound that could be searched by. */
  readonly listens: string | undefined;
  readonly onCompact: () => void;
};

/** What is above the list, or instead of it. */
export function Results({ state, of, query, listens, onCompact }: ResultsProps) {
  const { phase, ranked, found, compared, rankError } = state;
  if (rankError) {
    return (
      <Alert color="red" title="The library could not be searched" role="alert">
        <Stack gap={8} align="flex-start">
          <ErrorWords
            error={rankError}
            {...(rankError.code === 'sound-only' &&
              listens && { instead: `Press “Only” beside ${listens}, which listens.` })}
          />
          {rankError.code === 'library-too-large' && rankError.details.compact !== undefined && (
            <Button size="xs" variant="default" onClick={onCompact}>
              Search compactly
            </Button>
          )}
        </Stack>
      </Alert>
    );
  }
  if (!query) {
    return (
      <Stack gap={8} py={32} align="flex-start">
        <Text fw={600}>Type what a video shows, or drop one to find what looks like it</Text>
        <Text c="dimmed" size="sm">
          {of > 0 ? `${of} ${of === 1 ? 'video' : 'videos'} of your library can be found. ` : ''}Or press "Find similar"
          on any video of the{' '}
          <Anchor component={Link} to="/library" underline="always">
            library
          </Anchor>
          .
        </Text>
        <WatchedButton />
      </Stack>
    );
  }
  if (phase === 'failed') return null;
  if (phase === 'reading' || !ranked) {
    return (
      <Stack gap={16} aria-hidden="true">
        {[0, 1, 2].map((index) => (
          <Group key={index} gap={16} wrap="nowrap">
            <Skeleton h={94} w={168} />
            <Stack gap={8} flex={1}>
              <Skeleton h={16} maw={320} />
              <Skeleton h={16} maw={200} />
            </Stack>
          </Group>
        ))}
      </Stack>
    );
  }
  return (
    <Text role="status" size="sm" c="dimmed">
      {query.several && query.examples.every(({ liked }) => !liked)
        ? 'Nothing to be like. Turn an example into +.'
        : found === 0
          ? nothingFound(query, compared)
          : `Best ${found} of ${of} ${of === 1 ? 'video' : 'videos'}`}
    </Text>
  );
}

function nothingFound({ words }: Query, compared: boolean): string {
  if (words !== undefined)
    return 'Nothing answers to these words. Try a simpler or a wider one: dog, instrument, vehicle.';
  return compared
    ? 'No other video to compare with. Add more videos, or show clips of the same source.'
    : 'No descriptor counts. Give one a weight above, or press “Only” beside it.';
}

export function NothingIndexed({ waiting }: { waiting: number }) {
  return (
    <Stack align="flex-start" py={48} gap={12}>
      <ScanSearch size={40} strokeWidth={1.25} aria-hidden />
      <Title order={2} size="h3">
        {waiting > 0 ? 'Nothing is indexed yet' : 'Your library is empty'}
      </Title>
      <Text c="dimmed" maw={440}>
        {waiting > 0
          ? `${waiting} ${waiting === 1 ? 'video is' : 'videos are'} waiting to be indexed. Matches appear here as soon as the first is done.`
          : 'Add videos, or try the sample library that is made on this device. Then drop a query here.'}
      </Text>
      <Button component={Link} to="/library">
        {waiting > 0 ? 'See the indexing queue' : 'Go to the library'}
      </Button>
    </Stack>
  );
}
