import { Alert, Button, Checkbox, Group, Modal, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AppError, isAbortError } from '../../core/errors';
import { describeSampling } from '../../core/sampling';
import { extractors } from '../../extractors/registry';
import type { LibraryState } from '../../state/library-store';
import { useStores, useStoreValue } from '../../state/stores';
import { describeError, type ErrorWords } from '../../ui/error-messages';
import { useOpened } from '../../ui/use-opened';

type SpaceSummary = LibraryState['spaces'][number];

const labelOf = ({ space: { extractor, modelHash }, videos, imported, sampling }: SpaceSummary): string =>
  [
    extractors.find(({ id }) => id === extractor)?.label ?? extractor,
    modelHash ? `model ${modelHash.slice(0, 8)}` : undefined,
    describeSampling(sampling),
    imported ? 'imported' : undefined,
    `${videos} ${videos === 1 ? 'video' : 'videos'}`,
  ]
    .filter(Boolean)
    .join(' · ');

const placeOf = ({ space }: SpaceSummary): number => extractors.findIndex(({ id }) => id === space.extractor);

/** Which descriptor's vectors to save, and whether with those of every frame. */
export function ExportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { engine, library } = useStores();
  const stored = useStoreValue(library, (state) => state.spaces);
  const spaces = useMemo(() => [...stored].sort((a, b) => placeOf(a) - placeOf(b)), [stored]);
  const [chosen, setChosen] = useState<string>();
  const [frames, setFrames] = useState(false);
  const [fraction, setFraction] = useState<number>();
  const [problem, setProblem] = useState<ErrorWords>();
  const control = useRef<AbortController>(undefined);
  const space = spaces.find(({ key }) => key === chosen) ?? spaces[0];

  useEffect(() => {
    if (opened) void library.getState().loadSpaces();
  }, [opened, library]);

  const close = () => {
    control.current?.abort();
    setProblem(undefined);
    onClose();
  };
  const save = async () => {
    if (!space) return;
    control.current = new AbortController();
    const { signal } = control.current;
    setFraction(0);
    setProblem(undefined);
    try {
      const blob = await engine.library.exportFeatures(
        { space: space.key, frames },
        { signal, onProgress: ({ fraction: now = 0 }) => setFraction(now) },
      );
      saveAs(blob, `reelmatch-${space.space.extractor}.npz`);
      onClose();
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      if (!(error instanceof AppError)) throw error;
      setProblem(describeError(error));
    } finally {
      setFraction(undefined);
    }
  };

  return (
    <Modal
      opened={useOpened(opened)}
      onClose={close}
      title="Export features"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text size="sm">
          Saves the vectors of all indexed videos as an .npz file, which numpy.load reads and Reelmatch imports.
        </Text>
        <NativeSelect
          label="Descriptor"
          value={space?.key ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={spaces.map((summary) => ({ value: summary.key, label: labelOf(summary) }))}
        />
        <Checkbox
          label="With the vectors of every frame"
          checked={frames}
          onChange={(event) => setFrames(event.currentTarget.checked)}
        />
        {fraction !== undefined && <Progress value={100 * fraction} aria-label="Export" transitionDuration={0} />}
        {problem && (
          <Alert variant="default" role="alert">
            {problem.what} {problem.todo}
          </Alert>
        )}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={!space || fraction !== undefined} onClick={() => void save()}>
            Save file
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
