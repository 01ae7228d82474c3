import { Alert, Anchor, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Target } from 'lucide-react';
import { lazy, memo, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { Link } from 'react-router';
import type { Protocol } from '../../core/evaluation/protocols';
import type { EvaluationChoices } from '../../state/evaluation-store';
import type { GroundTruthReading } from '../../state/ground-truth-store';
import { byPreference, searchedSpaces, spaceOfEach } from '../../state/ranking-preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { count, extractorLabel, hasWhatTakes, type SpaceSummary } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { GroundTruthPanel } from '../ground-truth-panel';
import { RankingLab } from './ranking-lab';
import { RunBar, weighted } from './run-bar';
import { Comparison, KeepReport, SavedReports } from './saved-reports';
import { SinceReport } from './since-report';

const loadReportView = async () => ({ default: (await import('./report-view')).ReportView });
const ReportView = lazy(loadReportView);

export function EvaluatePage() {
  const { evaluation, groundTruth, library, ranking } = useStores();
  const preferences = useStoreValue(ranking, (state) => state);
  const { recipe } = preferences;
  const loaded = useStoreValue(library, (state) => state.loaded);
  const videos = useStoreValue(library, (state) => state.videos);
  const unsorted = useStoreValue(library, (state) => state.spaces);
  const reading = useStoreValue(groundTruth, (state) => state.reading);
  const choices = useStoreValue(evaluation, (state) => state.choices);
  const report = useStoreValue(evaluation, (state) => state.report);
  const error = useStoreValue(evaluation, (state) => state.error);
  const running = useStoreValue(evaluation, (state) => state.running !== undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the videos are what the labels are read against
  useEffect(() => {
    if (!loaded) return;
    // While files are indexed the library changes with each of them, and a long labels file takes its time to read.
    const timer = setTimeout(() => void groundTruth.getState().refresh(), groundTruth.getState().reading ? 1000 : 0);
    return () => clearTimeout(timer);
  }, [groundTruth, loaded, videos]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: indexed videos may have brought a new descriptor
  useEffect(() => {
    if (loaded) void library.getState().loadSpaces();
  }, [library, loaded, videos.length]);

  const spaces = useMemo(() => byPreference(unsorted), [unsorted]);
  const several =
    choices.space === weighted && choices.scorer === 'ranked' && spaceOfEach(spaces, preferences).length > 1;
  const used = several ? searchedSpaces(spaces, preferences) : undefined;
  const space = spaces.find(({ key }) => key === (used?.[0]?.key ?? choices.space)) ?? spaces[0];
  const grouped = reading?.truth.some(({ group }) => group !== undefined) ?? false;
  const split = reading?.truth.some(({ split }) => split !== undefined) ?? false;
  const protocol = choices.protocol ?? (grouped ? 'group-excluded' : 'leave-one-out');
  const ready = space !== undefined && (reading?.truth.length ?? 0) > 0;

  // It stands above the list that it was chosen from, out of sight.
  const shown = useRef<HTMLDivElement>(null);
  const goToReport = useCallback(() => {
    if (evaluation.getState().error) return;
    requestAnimationFrame(() => {
      shown.current?.focus({ preventScroll: true });
      shown.current?.scrollIntoView();
    });
  }, [evaluation]);

  const run = () => {
    if (!space || !reading) return;
    const named = used
      ? used.flatMap(({ key }) => spaces.find((each) => each.key === key)?.space.extractor ?? [])
      : [space.space.extractor];
    const ks = [...new Set([1, 5, 10, 20, 50, choices.k])].sort((a, b) => a - b);
    // Loaded by the time that there is a report; where it fails, drawing the report asks again.
    void loadReportView().catch(() => undefined);
    void evaluation.getState().run({
      name: `${named.map(extractorLabel).join(' + ')}, ${protocol}${choices.scorer === 'frame-knn' ? ', frame-knn' : ''}`,
      truth: reading.truth,
      spaces: used ?? [{ key: space.key, weight: 1 }],
      protocol: protocolOf(protocol, choices),
      scorer:
        choices.scorer === 'frame-knn'
          ? { name: 'frame-knn', neighbours: choices.neighbours }
          : { name: 'ranked', recipe },
      settings: { ks, topK: Math.max(50, choices.k), confusionK: choices.k, replicates: 1000, seed: 1 },
      leakage: true,
      original: true,
    });
  };

  return (
    <div className={classes.page}>
      <Title order={1} size="h3" className={classes.screenOnly ?? ''}>
        Evaluate
      </Title>
      <div className={classes.screenOnly}>
        <GroundTruthPanel />
      </div>
      {loaded && spaces.length === 0 ? (
        <NothingIndexed waiting={videos.length} />
      ) : (
        <RunBar spaces={spaces} space={several ? weighted : space?.key} protocol={protocol} ready={ready} onRun={run} />
      )}
      {loaded && spaces.length > 0 && <RankingLab spaces={spaces} ready={ready} />}
      {ready && !split && protocol === 'official-split' && (
        <Text size="sm" className={classes.screenOnly ?? ''}>
          The labels name no train and test videos: add a column Split, or drop UCF101’s lists.
        </Text>
      )}
      {space && reading && <Unindexed space={space} truth={reading.truth} />}
      {error && (
        <Alert variant="default" role="alert" title="This did not work" className={classes.screenOnly ?? ''}>
          <ErrorWords error={error} />
        </Alert>
      )}
      {report ? (
        <div ref={shown} tabIndex={-1} className={classes.shown}>
          <Suspense fallback={<Skeleton h={320} />}>
            <Comparison />
            <ReportView key={`${report.created} ${report.name}`} report={report}>
              <SinceReport report={report} space={space} />
              <KeepReport />
            </ReportView>
          </Suspense>
        </div>
      ) : (
        ready &&
        !running && (
          <Stack gap={4} py={16} className={classes.screenOnly ?? ''}>
            <Text fw={600}>Run the evaluation to see how well videos of one label find each other</Text>
            <Text c="dimmed" size="sm">
              {count(reading?.truth.length ?? 0, 'labelled video')} ask one after the other; a match is right when it
              shares a label.
            </Text>
          </Stack>
        )
      )}
      <SavedReports onShown={goToReport} />
    </div>
  );
}

function protocolOf(name: Protocol['name'], { share, groupAware, seed }: EvaluationChoices): Protocol {
  return name === 'holdout' ? { name, share, groupAware, seed } : { name };
}

/** Labelled videos that this descriptor could know and does not yet, and the way to change that. */
const Unindexed = memo(
  ({ space, truth }: { readonly space: SpaceSummary; readonly truth: GroundTruthReading['truth'] }) => {
    const { jobs, library } = useStores();
    const byId = useStoreValue(library, (state) => state.byId);
    const idle = useStoreValue(jobs, (state) => state.phase === 'idle');
    const without = truth.flatMap(({ id }) => {
      const video = byId.get(id);
      const wanted = !video?.spaces.includes(space.key) && (!video || hasWhatTakes(space.space.extractor, video));
      return wanted ? [id] : [];
    });
    if (without.length === 0) return null;
    return (
      <div className={`${classes.bar} ${classes.screenOnly}`}>
        <Text size="sm">
          {count(without.length, 'labelled video')} without {extractorLabel(space.space.extractor)} vectors.
        </Text>
        {!space.imported && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={!idle}
            onClick={() => void jobs.getState().index(without)}
          >
            {idle ? 'Index them' : 'Indexing…'}
          </Button>
        )}
      </div>
    );
  },
);

function NothingIndexed({ waiting }: { readonly waiting: number }) {
  return (
    <Stack align="flex-start" py={32} gap={12}>
      <Target size={40} strokeWidth={1.25} aria-hidden />
      <Title order={2} size="h3">
        {waiting > 0 ? 'Nothing is indexed yet' : 'Your library is empty'}
      </Title>
      <Text c="dimmed" maw={480}>
        {waiting > 0
          ? 'An evaluation compares indexed videos. It can be run as soon as some are done.'
          : 'An evaluation needs videos with labels. Add a folder with one sub-folder a class, or '}
        {waiting === 0 && (
          <Anchor component={Link} to="/library" underline="always">
            import features
          </Anchor>
        )}
        {waiting === 0 && ' that were computed elsewhere.'}
      </Text>
      <Button component={Link} to="/library">
        {waiting > 0 ? 'See the indexing queue' : 'Go to the library'}
      </Button>
    </Stack>
  );
}
