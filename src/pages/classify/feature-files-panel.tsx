import { Alert, Button, Text } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useEffect } from 'react';
import type { FeatureFilesSummary } from '../../state/feature-files-store';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { TaskProgress } from '../../ui/task-progress';
import { count } from '../descriptor-words';
import classes from '../evaluation.module.css';

/** Features made elsewhere, to train on in place of the library: which files, and what was read of them. */
export function FeatureFilesPanel() {
  const { featureFiles, classify } = useStores();
  const { running: reading, chosen, error } = useStoreValue(featureFiles, (state) => state);
  const busy = useStoreValue(classify, (state) => state.running !== undefined);
  const { choose, pause, cancel, clear, forgetError } = featureFiles.getState();
  useEffect(() => forgetError, [forgetError]);
  return (
    <section className={classes.truth} aria-label="Features from files">
      <div className={classes.bar}>
        <label className={classes.fileButton}>
          <FileUp size={16} aria-hidden />
          <span aria-hidden="true">Features file</span>
          <input
            type="file"
            aria-label="Features file"
            multiple
            disabled={busy}
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = '';
              void choose(files);
            }}
          />
        </label>
        {chosen ? (
          <Button variant="default" disabled={busy} onClick={clear}>
            Train on the library instead
          </Button>
        ) : (
          <Text size="sm" c="dimmed" maw={560}>
            Vectors of the library are learnt from, or files made elsewhere: .npz, CSV, TFRecord (YouTube-8M, AudioSet),
            HDF5; several shards, or a train and a test file, at once.
          </Text>
        )}
      </div>
      {reading && <TaskProgress name="Reading the features" task={reading} onPause={pause} onCancel={cancel} />}
      {error && (
        <Alert variant="default" role="alert" title="These features were not read">
          <ErrorWords error={error} />
        </Alert>
      )}
      {chosen && <Summary summary={chosen.summary} />}
    </section>
  );
}

function Summary({ summary }: { readonly summary: FeatureFilesSummary }) {
  const { files, formats, examples, dimensions, labels, rareLabels, unlabelled, severalLabels, moments } = summary;
  const [first] = files;
  const name = files.length === 1 ? first?.name : `${first?.name} and ${count(files.length - 1, 'more file')}`;
  const facts = [
    ['Examples', examples],
    ['Values each', dimensions],
    ['Labels', labels],
    ['Labels of fewer than 5 examples', rareLabels],
    ['Examples of several labels', severalLabels],
    ['Examples without a label', unlabelled],
  ] as const;
  return (
    <section aria-label="Features read">
      <Text size="sm">
        {name} ({formats.join(', ')})
        {moments &&
          `, with moments of ${moments.width.toLocaleString('en')} values, at most ${moments.most} an example kept`}
        {summary.split && '; parted into train and test'}
        {summary.groups && '; groups are known'}
        {unlabelled > 0 && '; what has no label is left out'}.
      </Text>
      <dl className={classes.headline}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
