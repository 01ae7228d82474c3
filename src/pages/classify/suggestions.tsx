import { ActionIcon, Button, Checkbox, Group, NativeSelect, Table, Text, Title } from '@mantine/core';
import { Play } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useStores, useStoreValue } from '../../state/stores';
import type { Suggestions as Made } from '../../state/suggestions-store';
import { focusNeighbour } from '../../ui/focus-neighbour';
import { NumberField } from '../../ui/number-field';
import { count, percent } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { offeredLabels } from './offered-labels';

const VideoPlayer = lazy(async () => ({ default: (await import('../video-player')).VideoPlayer }));

/** Rows shown at first, and with each "Show more". */
const page = 100;

/** Labels that a head or neighbours suggest for the library's videos, to accept or correct. */
export function Suggestions() {
  const { suggestions } = useStores();
  const made = useStoreValue(suggestions, (state) => state.suggestions);
  return made ? <SuggestionTable key={made.by} made={made} /> : null;
}

function SuggestionTable({ made }: { readonly made: Made }) {
  const { suggestions, library } = useStores();
  const byId = useStoreValue(library, (state) => state.byId);
  const undoable = useStoreValue(suggestions, (state) => state.undoable.length);
  const [all, setAll] = useState(false);
  const [sure, setSure] = useState(80);
  const [shown, setShown] = useState(page);
  /** The row whose list of labels is, or is about to be, opened. */
  const [opened, setOpened] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [played, setPlayed] = useState<string>();
  const { accept, undo } = suggestions.getState();
  const listed = suggested(made).flatMap(({ id, key, best, probability, suggested: own }) => {
    const video = byId.get(id);
    if (!video) return [];
    const label = chosen.get(key) ?? best;
    const right = video.labels.includes(label);
    return all || !right ? [{ id, key, video, label, probability, right, suggested: own }] : [];
  });
  type Row = (typeof listed)[number];
  /** A label replaces those that a video has, unless it may have several. */
  const take = (rows: readonly Row[]) => {
    const labels = new Map<string, readonly string[]>();
    for (const { id, video, label } of rows) {
      labels.set(id, made.several ? [...new Set([...(labels.get(id) ?? video.labels), label])] : [label]);
    }
    void accept(Array.from(labels, ([id, own]) => ({ id, labels: own })));
  };
  const safe = listed.filter(
    ({ video, probability, right }) =>
      !right && (made.several || video.labels.length === 0) && 100 * probability >= sure,
  );
  return (
    <section aria-label="Suggested labels" className={classes.truth}>
      <Title order={2} size="h4">
        Suggested labels
      </Title>
      <Text size="sm" c="dimmed">
        By {made.by}.
      </Text>
      <div className={classes.bar}>
        <NumberField label="At least, %" value={sure} min={0} max={100} onValue={setSure} />
        <Button disabled={safe.length === 0} onClick={() => take(safe)}>
          Accept {made.several ? count(safe.length, 'label') : count(safe.length, 'unlabelled video')}
        </Button>
        <Button variant="default" disabled={undoable === 0} onClick={() => void undo()}>
          Undo
        </Button>
        <Checkbox
          mb={8}
          label="Also those that have the label"
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </div>
      <Text size="sm" role="status">
        {made.videos.length === 0
          ? 'There was no video to ask about: all have labels already, or none has vectors of this descriptor.'
          : listed.length === 0
            ? 'Every video that was asked about has the label that is suggested.'
            : `${count(listed.length, made.several ? 'label' : 'video')} ${all ? 'asked about' : made.several ? 'that a video does not have' : 'whose label differs from what is suggested'}.`}
      </Text>
      {listed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.tall} tabIndex={0} aria-label="Videos with suggestions">
          <Table aria-label="Suggestions" verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                {['Video', 'Has', 'Suggested', 'Probability', 'Accept'].map((head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {listed.slice(0, shown).map((row) => (
                <Table.Tr key={row.key}>
                  <Table.Th scope="row" miw={140} style={{ overflowWrap: 'anywhere', fontWeight: 400 }}>
                    <Group gap={8} wrap="nowrap">
                      <ActionIcon
                        variant="subtle"
                        size="sm"
                        flex="none"
                        aria-label={`Play ${row.video.name}`}
                        onClick={() => setPlayed(row.id)}
                      >
                        <Play size={14} aria-hidden />
                      </ActionIcon>
                      {row.video.name}
                    </Group>
                  </Table.Th>
                  <Table.Td miw={96}>{row.video.labels.join(', ') || 'no label'}</Table.Td>
                  <Table.Td miw={140}>
                    <NativeSelect
                      size="xs"
                      aria-label={`Label of ${row.video.name}`}
                      value={row.label}
                      data={[...offeredLabels(made.labels, { ...row, open: opened === row.key })]}
                      onPointerEnter={() => setOpened(row.key)}
                      onFocus={() => setOpened(row.key)}
                      onChange={(event) => setChosen(new Map(chosen).set(row.key, event.currentTarget.value))}
                    />
                  </Table.Td>
                  <Table.Td>{percent(row.probability)}</Table.Td>
                  <Table.Td>
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={row.right}
                      aria-label={`Accept ${row.label} for ${row.video.name}`}
                      onClick={(event) => {
                        focusNeighbour(event.currentTarget);
                        take([row]);
                      }}
                    >
                      Accept
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {listed.length > shown && (
        <Group>
          <Button variant="default" size="compact-md" onClick={() => setShown(shown + page)}>
            Show more
          </Button>
        </Group>
      )}
      <Suspense>{played !== undefined && <VideoPlayer id={played} onClose={() => setPlayed(undefined)} />}</Suspense>
    </section>
  );
}

/** One row a video; where several labels may hold, one for each that is likelier than not, and at least one. */
function suggested({ videos, several }: Made) {
  return videos.flatMap(({ id, labels }) => {
    const all = labels.map(({ label }) => label);
    return labels
      .filter(({ probability }, place) => place === 0 || (several && probability >= 0.5))
      .map(({ label, probability }, place) => ({
        id,
        key: `${id} ${place}`,
        best: label,
        probability,
        suggested: all,
      }));
  });
}
