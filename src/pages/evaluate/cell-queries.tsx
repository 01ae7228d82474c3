import { Button, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { EvaluationReport } from '../../core/evaluation/report';
import { type CellClasses, type Counted, queriesOfCell } from '../../core/evaluation/single-query';
import { useFocusReturn } from '../../ui/use-focus-return';
import { count } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { PairPlayer } from '../pair-player';
import { ClipThumbnail } from './clip-view';
import { fileName, useReportVideos } from './report-videos';

export type CellQueriesProps = {
  readonly report: EvaluationReport;
  readonly cell: CellClasses;
  /** The matrix whose cell it is. */
  readonly counted: Counted;
  readonly onClose: () => void;
};

const listed = 50;

/** The queries that a cell of the confusion matrix counts, each beside its neighbours of the predicted classes. */
export function CellQueries({ report, cell, counted, onClose }: CellQueriesProps) {
  useFocusReturn();
  const { dataSet, queries, settings } = report;
  const found = queriesOfCell(report, cell, counted);
  const videoOf = useReportVideos(report);
  const [playing, setPlaying] = useState<{ readonly query: string; readonly match: string }>();
  const { truth, predicted } = cell;
  const name = (labels: readonly number[]) =>
    labels.length === 1 ? (dataSet.classes[labels[0] as number] ?? '') : `${labels.length} other classes`;
  // Which of the classes of a line is meant has to be told beside each clip.
  const labelOf = (labels: readonly number[], video: number | undefined) =>
    labels.length === 1 || video === undefined
      ? undefined
      : dataSet.videos[video]?.labels.map((label) => dataSet.classes[label]).join(', ');
  const pathOf = (video: number | undefined) => (video === undefined ? '' : (dataSet.videos[video]?.path ?? ''));
  return (
    <>
      <Modal
        opened
        onClose={onClose}
        // Escape closes the player that stands before it, not both.
        closeOnEscape={playing === undefined}
        size={880}
        title={titleOf(cell, name)}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm" c="dimmed" mb="xs">
          {count(found.length, 'query', 'queries')}
          {sayings[counted](settings.confusionK, name(predicted), queries.predicted !== null)}
        </Text>
        {found.slice(0, listed).map(({ query, places }) => {
          const video = queries.video[query];
          const queryId = videoOf(video);
          return (
            <div key={query} className={classes.pair}>
              <Clip id={queryId} path={pathOf(video)} label={labelOf(truth, video)} />
              <ul className={classes.neighbours} aria-label={`Neighbours of ${fileName(pathOf(video))}`}>
                {places.map((place) => {
                  const match = queries.top[query]?.[place];
                  const matchId = videoOf(match);
                  return (
                    <li key={place} className={classes.neighbour}>
                      <Clip id={matchId} path={pathOf(match)} label={labelOf(predicted, match)} />
                      <Text size="sm">{queries.topScores[query]?.[place]?.toFixed(3)}</Text>
                      {queryId !== undefined && matchId !== undefined && (
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Play ${fileName(pathOf(video))} beside ${fileName(pathOf(match))}`}
                          onClick={() => setPlaying({ query: queryId, match: matchId })}
                        >
                          Play
                        </Button>
                      )}
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
        {found.length > listed && (
          <Text size="sm" mt="xs">
            The first {listed}; the CSV table “Every query” lists all.
          </Text>
        )}
      </Modal>
      {playing && <PairPlayer {...playing} onClose={() => setPlaying(undefined)} />}
    </>
  );
}

function titleOf({ truth, predicted }: CellClasses, name: (labels: readonly number[]) => string): string {
  if (!truth.some((label) => predicted.includes(label))) return `${name(truth)} taken for ${name(predicted)}`;
  return truth.length === 1 ? `${name(truth)} found as ${name(predicted)}` : `${name(truth)}, found as one of them`;
}

const sayings: Record<Counted, (k: number, predicted: string, votes: boolean) => string> = {
  top1: (k, predicted, votes) =>
    votes
      ? ' by the vote of their frames, each beside its nearest videos of that class.'
      : `, each beside its matches of ${predicted} among the first ${k}.`,
  topK: (k, predicted) => ` with ${predicted} among the first ${k} matches, which stand beside each.`,
  frames: (_, predicted) => ` with frames near ${predicted}, each beside those videos.`,
};

type ClipProps = { readonly id: string | undefined; readonly path: string; readonly label: string | undefined };

function Clip({ id, path, label }: ClipProps) {
  return (
    <div className={classes.clip}>
      <ClipThumbnail id={id} />
      <span className={classes.name} title={path}>
        {fileName(path)}
        {label !== undefined && ` · ${label}`}
        {id === undefined && ' (not in this library)'}
      </span>
    </div>
  );
}
