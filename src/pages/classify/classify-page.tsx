import { Alert, Button, Group, Modal, Skeleton, Stack, Text, Title } from '@mantine/core';
import { GraduationCap } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { FeatureFilesSummary } from '../../state/feature-files-store';
import { byPreference } from '../../state/ranking-preferences';
import { useStores, useStoreValue } from '../../state/stores';
import type { TrainSource, TruthRow } from '../../state/train-examples';
import { ErrorWords } from '../../ui/error-words';
import { count, extractorLabel } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { GroundTruthPanel } from '../ground-truth-panel';
import { UnusualPanel } from '../unusual-panel';
import { FeatureFilesPanel } from './feature-files-panel';
import { KeptHeads } from './kept-heads';
import { LivePanel } from './live-panel';
import { ResumeCard } from './resume-card';
import { Suggestions } from './suggestions';
import { TrainBar } from './train-bar';
import { describeHead, initialChoices, settingsOf, type TrainChoices } from './train-choices';
import { UseHead } from './use-head';

const TrainingFigures = lazy(async () => ({ default: (await import('./training-figures')).TrainingFigures }));
const ClassifyReportView = lazy(async () => ({ default: (await import('./classify-report-view')).ClassifyReportView }));

export function ClassifyPage() {
  const { classify, featureFiles, groundTruth, library } = useStores();
  const loaded = useStoreValue(library, (state) => state.loaded);
  const videos = useStoreValue(library, (state) => state.videos);
  const spaces = byPreference(useStoreValue(library, (state) => state.spaces));
  const reading = useStoreValue(groundTruth, (state) => state.reading);
  const chosen = useStoreValue(featureFiles, (state) => state.chosen);
  const error = useStoreValue(classify, (state) => state.error);
  const epochs = useStoreValue(classify, (state) => state.epochs);
  const shown = useStoreValue(classify, (state) => state.shown);
  const running = useStoreValue(classify, (state) => state.running !== undefined);
  const only = useStoreValue(classify, (state) => state.only);
  const interrupted = useStoreValue(classify, (state) => state.interrupted);
  const [asking, setAsking] = useState(false);
  const [choices, setChoices] = useState<TrainChoices>(initialChoices);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the videos are what the labels are read against
  useEffect(() => {
    if (!loaded) return;
    const timer = setTimeout(() => void groundTruth.getState().refresh(), groundTruth.getState().reading ? 1000 : 0);
    return () => clearTimeout(timer);
  }, [groundTruth, loaded, videos]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: indexed videos may have brought a new descriptor
  useEffect(() => {
    if (loaded) void library.getState().loadSpaces();
  }, [library, loaded, videos.length]);
  useEffect(() => void classify.getState().loadHeads(), [classify]);

  const truth = (reading?.truth ?? []).filter(({ id }) => !only || only.has(id));
  const space = spaces.find(({ key }) => key === choices.space) ?? spaces[0];
  const facts = chosen ? ofFiles(chosen.summary) : ofTruth(truth);
  const split = choices.split ?? (facts.official ? 'official' : facts.grouped ? 'groups' : 'ratio');
  const settings = settingsOf(choices, split, facts.several);
  const train = () => {
    setAsking(false);
    if (!settings) return;
    const from = chosen ? chosen.summary.files[0]?.name : space && extractorLabel(space.space.extractor);
    const name = `${describeHead(settings.head)} on ${from}`;
    const source: TrainSource | undefined = chosen
      ? { from: 'files', files: chosen.files, space: chosen.summary.space }
      : space && { from: 'library', space: space.key, truth };
    if (source) void classify.getState().train({ name, source, settings });
  };

  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        Classify
      </Title>
      <FeatureFilesPanel />
      {!chosen && <GroundTruthPanel />}
      {!chosen && only && (
        <Group gap={12}>
          <Text size="sm" role="status">
            Only the {count(only.size, 'video')} chosen on the map will be learnt from.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => classify.getState().trainOnly(undefined)}>
            Use all
          </Button>
        </Group>
      )}
      <ResumeCard />
      {loaded && spaces.length === 0 && !chosen ? (
        <Stack align="flex-start" py={32} gap={12}>
          <GraduationCap size={40} strokeWidth={1.25} aria-hidden />
          <Title order={2} size="h3">
            {videos.length > 0 ? 'Nothing is indexed yet' : 'Your library is empty'}
          </Title>
          <Text c="dimmed" maw={480}>
            A classifier learns from indexed videos with labels, and then suggests labels for the others. Or choose a
            features file above.
          </Text>
          <Button component={Link} to="/library">
            Go to the library
          </Button>
        </Stack>
      ) : (
        <TrainBar
          spaces={spaces}
          space={space?.key}
          choices={choices}
          split={split}
          fromFiles={chosen !== undefined}
          ready={settings !== undefined && (chosen !== undefined || (space !== undefined && truth.length > 0))}
          onChange={(changes) => setChoices({ ...choices, ...changes })}
          onTrain={interrupted ? () => setAsking(true) : train}
        />
      )}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Forget the interrupted training?"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm">
          One training is kept at a time. {interrupted?.name}, interrupted in epoch {interrupted?.epoch}, could not be
          gone on with any more.
        </Text>
        <Group gap="xs" mt={16} justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)}>
            Keep it
          </Button>
          <Button onClick={train}>Train anew</Button>
        </Group>
      </Modal>
      {error && (
        <Alert variant="default" role="alert" title="This did not work">
          <ErrorWords error={error} />
        </Alert>
      )}
      {(epochs.length > 0 || shown?.report) && (
        <Suspense fallback={<Skeleton h={320} />}>
          {epochs.length > 0 && (
            <section aria-labelledby="training">
              <Title order={2} size="h4" mb={8} id="training">
                Training
              </Title>
              <div className={classes.charts}>
                <TrainingFigures epochs={epochs} />
              </div>
            </section>
          )}
          {shown?.report && <ClassifyReportView key={shown.entry.id} entry={shown.entry} report={shown.report} />}
        </Suspense>
      )}
      <UseHead space={space?.key} />
      <Suggestions />
      <LivePanel />
      {!shown && !running && epochs.length === 0 && truth.length > 0 && spaces.length > 0 && (
        <Text c="dimmed" size="sm">
          Train a head to see how well the labels can be told from the vectors; then apply it to the whole library.
        </Text>
      )}
      {spaces.length > 0 && <UnusualPanel spaces={spaces} />}
      <KeptHeads />
    </div>
  );
}

type Facts = { readonly official: boolean; readonly grouped: boolean; readonly several: boolean };

const ofTruth = (truth: readonly TruthRow[]): Facts => ({
  official: truth.some(({ split }) => split !== undefined),
  grouped: truth.some(({ group }) => group !== undefined),
  several: truth.some(({ labels }) => labels.length > 1),
});

const ofFiles = ({ split, groups, severalLabels }: FeatureFilesSummary): Facts => ({
  official: split,
  grouped: groups,
  several: severalLabels > 0,
});
