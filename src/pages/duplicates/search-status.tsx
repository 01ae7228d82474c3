import { Alert, Button, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { CopyCheck } from 'lucide-react';
import { Link } from 'react-router';
import type { DuplicatesState } from '../../state/duplicates-store';
import { ErrorWords } from '../../ui/error-words';
import classes from './duplicates.module.css';

type WorkProps = Pick<DuplicatesState, 'phase' | 'progress' | 'error'> & {
  readonly onCancel: () => void;
  readonly onRetry: () => void;
};

/** The search under way, or why it failed. */
export function SearchWork({ phase, progress, error, onCancel, onRetry }: WorkProps) {
  if (phase === 'searching') {
    const percent = Math.round(100 * (progress?.fraction ?? 0));
    return (
      <Group gap={12} wrap="nowrap">
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          {progress?.stage ?? 'Reading'} … {percent} %
        </Text>
        <Progress flex={1} maw={320} value={percent} aria-label="Search for duplicates" />
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    );
  }
  if (!error) return null;
  return (
    <Alert variant="default" title="Duplicates could not be searched" role="alert">
      <Stack gap={8} align="flex-start">
        <ErrorWords error={error} />
        <Button size="compact-md" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

type LackingProps = { readonly lacking: number; readonly onRead: () => void };

/** Videos that were indexed before they were described for this. */
export function Lacking({ lacking, onRead }: LackingProps) {
  if (lacking === 0) return null;
  return (
    <Alert variant="default" title={`${lacking === 1 ? '1 video is' : `${lacking} videos are`} not compared yet`}>
      <Group gap={12}>
        <Text size="sm">Their pictures have to be read once more.</Text>
        <Button size="compact-sm" onClick={onRead}>
          Read them now
        </Button>
      </Group>
    </Alert>
  );
}

type NothingProps = { readonly videos: number; readonly compared: number; readonly waiting: number };

/** Says why there is no group, and what to do next. */
export function NothingFound({ videos, compared, waiting }: NothingProps) {
  return (
    <div className={classes.empty}>
      <CopyCheck size={40} strokeWidth={1.25} aria-hidden />
      <Title order={2} size="h3">
        {videos === 0 ? 'Your library is empty' : compared < 2 ? 'Nothing to compare yet' : 'No duplicates'}
      </Title>
      <Text c="dimmed" maw={480}>
        {videos === 0
          ? 'Add videos, and copies among them are found by their pictures: of another size, in another format, mirrored, cropped or cut.'
          : compared < 2
            ? waiting > 0
              ? `${waiting} ${waiting === 1 ? 'video is' : 'videos are'} waiting to be indexed. Duplicates are searched as soon as two are done.`
              : 'At least two videos with pictures have to be indexed.'
            : `None of ${compared.toLocaleString('en')} videos shows the same pictures as another.`}
      </Text>
      {compared < 2 && (
        <Button component={Link} to="/library">
          {waiting > 0 ? 'See the indexing queue' : 'Go to the library'}
        </Button>
      )}
    </div>
  );
}
