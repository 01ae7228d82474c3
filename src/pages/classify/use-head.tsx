import { Alert, Button, FileButton, Group, Text, Title } from '@mantine/core';
import { Download, Tags, Upload, Users } from 'lucide-react';
import { useState } from 'react';
import { parseSpaceKey } from '../../core/feature';
import type { HeadEntry } from '../../state/classify-store';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { NumberField } from '../../ui/number-field';
import { saveFile } from '../../ui/save-file';
import { TaskProgress } from '../../ui/task-progress';
import { count, extractorLabel } from '../descriptor-words';
import classes from '../evaluation.module.css';

type Props = {
  /** The descriptor that is chosen for training: neighbours vote in it. */
  readonly space: string | undefined;
};

/** What the open head is good for, and labels by neighbours where nothing is trained. */
export function UseHead({ space }: Props) {
  const { classify, groundTruth, library, suggestions } = useStores();
  const entry = useStoreValue(classify, (state) => state.shown?.entry);
  const training = useStoreValue(classify, (state) => state.running !== undefined);
  const spaces = useStoreValue(library, (state) => state.spaces);
  const labelled = useStoreValue(groundTruth, (state) => state.reading?.truth.length ?? 0);
  const running = useStoreValue(suggestions, (state) => state.running);
  const error = useStoreValue(suggestions, (state) => state.error);
  const [neighbours, setNeighbours] = useState(5);
  const busy = training || running !== undefined;
  const applicable = entry !== undefined && spaces.some(({ key }) => key === entry.space);
  const { importHead, exportHead } = classify.getState();

  return (
    <section aria-labelledby="use-head" className={classes.truth}>
      <Title order={2} size="h4" id="use-head">
        Use a head
      </Title>
      <Text size="sm" {...(!entry && { c: 'dimmed' })}>
        {entry ? headFacts(entry, applicable) : 'No head is open: train one above, open one below, or import one.'}
      </Text>
      <Group gap="xs">
        <Button
          leftSection={<Tags size={16} aria-hidden />}
          disabled={!entry || !applicable || busy}
          onClick={() => entry && void suggestions.getState().apply(entry)}
        >
          Apply to library
        </Button>
        {(['onnx', 'npz'] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            leftSection={<Download size={16} aria-hidden />}
            disabled={!entry || training}
            onClick={() => void exportHead(format, saveFile)}
          >
            {format === 'onnx' ? 'Export ONNX' : 'Export .npz'}
          </Button>
        ))}
        <FileButton
          accept=".onnx,.npz"
          inputProps={{ 'aria-label': 'Head file' }}
          onChange={(file) => file && void importHead(file)}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<Upload size={16} aria-hidden />} disabled={training}>
              Import head
            </Button>
          )}
        </FileButton>
      </Group>
      <div className={classes.bar}>
        <NumberField label="Voters" value={neighbours} max={1000} onValue={setNeighbours} />
        <Button
          variant="default"
          leftSection={<Users size={16} aria-hidden />}
          disabled={space === undefined || labelled === 0 || busy}
          onClick={() => {
            const truth = groundTruth.getState().reading?.truth ?? [];
            if (space !== undefined) void suggestions.getState().categorise({ space, truth, neighbours });
          }}
        >
          Suggest by neighbours
        </Button>
        <Text size="sm" c="dimmed" mb={8}>
          Without training: each video without a label gets that of the labelled videos nearest to it.
        </Text>
      </div>
      {running && (
        <TaskProgress
          name="Suggesting labels"
          task={running}
          onPause={suggestions.getState().pause}
          onCancel={suggestions.getState().cancel}
        />
      )}
      {error && (
        <Alert variant="default" role="alert" title="No labels were suggested">
          <ErrorWords error={error} />
        </Alert>
      )}
    </section>
  );
}

function headFacts({ name, classes: labels, space, trained, created }: HeadEntry, applicable: boolean): string {
  const extractor = space === undefined ? undefined : parseSpaceKey(space)?.extractor;
  const takes =
    space === undefined
      ? 'vectors of a features file'
      : extractor
        ? `${extractorLabel(extractor)} vectors`
        : 'vectors of an import';
  const facts = `${name}: tells ${count(labels, 'label')} by ${takes}.`;
  const origin = trained ? '' : ` Imported ${new Date(created).toLocaleString()}, not tested here.`;
  const unknown =
    ' Not applicable here: the features file it learnt from does not say which model made its vectors. Files exported here say it.';
  const sorry = applicable
    ? ''
    : space === undefined
      ? unknown
      : ' Not applicable here: no video has vectors of exactly that descriptor, model and preparation. Index the library with it first.';
  return facts + origin + sorry;
}
