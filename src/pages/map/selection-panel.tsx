import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { Crosshair, GraduationCap, Play, ScanSearch, Tag, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { focusNeighbour } from '../../ui/focus-neighbour';
import { count } from '../descriptor-words';
import classes from './map.module.css';

type Props = {
  readonly videos: readonly VideoRecord[];
  /** Labels in use, offered while one is typed. */
  readonly labels: readonly string[];
  readonly onOpen: (id: string) => void;
  readonly onRemove: (id: string) => void;
  readonly onClear: () => void;
  readonly onLabel: (label: string) => void;
  readonly onSearch: () => void;
  readonly onTrain: () => void;
};

/** Rows at first, and with each "Show more". */
const page = 50;

/** The chosen videos and what can be done with them. */
export function SelectionPanel({ videos, labels, onOpen, onRemove, onClear, onLabel, onSearch, onTrain }: Props) {
  const [label, setLabel] = useState('');
  const [shown, setShown] = useState(page);
  const known = useId();
  const none = videos.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = label.trim();
    if (text === '' || none) return;
    onLabel(text);
    setLabel('');
  };
  return (
    <section aria-label="Selected videos" className={classes.side}>
      <Group justify="space-between" gap={8}>
        <Title order={2} size="h5">
          Selection
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {none ? 'Nothing selected' : `${count(videos.length, 'video')} selected`}
        </Text>
      </Group>
      <form onSubmit={submit}>
        <Group gap={8} align="flex-end" wrap="nowrap">
          <TextInput
            label="Label"
            flex={1}
            value={label}
            list={known}
            disabled={none}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <datalist id={known}>
            {labels.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <Button type="submit" leftSection={<Tag size={14} aria-hidden />} disabled={none || label.trim() === ''}>
            Set label
          </Button>
        </Group>
      </form>
      <Group gap={8}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<ScanSearch size={14} aria-hidden />}
          disabled={none}
          onClick={onSearch}
        >
          Search by these
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<GraduationCap size={14} aria-hidden />}
          disabled={none}
          onClick={onTrain}
        >
          Train on these
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<X size={14} aria-hidden />}
          disabled={none}
          onClick={onClear}
        >
          Clear
        </Button>
      </Group>
      {none && (
        <Text size="sm" c="dimmed">
          <Crosshair size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> Draw around points with the lasso, click
          them with Shift, or choose them in the list.
        </Text>
      )}
      <ul aria-label="Selection" className={classes.selection}>
        {videos.slice(0, shown).map(({ id, name, labels: own }) => (
          <li key={id}>
            <span className={classes.selectedName}>
              {name}
              <span className={classes.note}>{own.join(', ') || 'no label'}</span>
            </span>
            <Button size="compact-xs" variant="subtle" aria-label={`Open ${name}`} onClick={() => onOpen(id)}>
              <Play size={14} aria-hidden />
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Take ${name} out of the selection`}
              onClick={(event) => {
                focusNeighbour(event.currentTarget);
                onRemove(id);
              }}
            >
              <X size={14} aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      {videos.length > shown && (
        <Button size="compact-sm" variant="default" onClick={() => setShown(shown + page)}>
          Show {Math.min(page, videos.length - shown)} more of {(videos.length - shown).toLocaleString('en')}
        </Button>
      )}
    </section>
  );
}
