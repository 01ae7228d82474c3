import { Button, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { EvaluationReport } from '../../core/evaluation/report';
import { queriesOfCell } from '../../core/evaluation/single-query';
import { count } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { PairPlayer } from '../pair-player';
import { ClipThumbnail } from './clip-view';
import { fileName, useReportVideos } from './report-videos';

type Props = {
  readonly report: EvaluationReport;
  readonly truth: number;
  readonly predicted: number;
  readonly onClose: () => void;
};

const listed = 50;

/** The queries that a cell of the confusion matrix counts, each beside its top match. */
export function CellQueries({ report, truth, predicted, onClose }: Props) {
  const { dataSet, queries } = report;
  const found = queriesOfCell(report, truth, predicted);
  const videoOf = useReportVideos(report);
  const [playing, setPlaying] = useState<{ readonly query: string; readonly match: string }>();
  const name = (label: number) => dataSet.classes[label] ?? '';
  return (
    <>
      <Modal
        opened
        onClose={onClose}
        size={880}
        title={`${name(truth)} ${truth === predicted ? 'found as' : 'taken for'} ${name(predicted)}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm" c="dimmed" mb="xs">
          {count(found.length, 'query', 'queries')}
          {queries.predicted ? ' by the vote of their frames.' : ', each beside its top match.'}
        </Text>
        {found.slice(0, listed).map((i) => {
          const query = queries.video[i];
          const match = queries.top[i]?.[0];
          const [queryId, matchId] = [videoOf(query), videoOf(match)];
          const [queryPath, matchPath] = [query, match].map((video) =>
            video === undefined ? '' : (dataSet.videos[video]?.path ?? ''),
          ) as [string, string];
          const score = queries.topScores[i]?.[0];
          return (
            <div key={i} className={classes.pair}>
              <Clip id={queryId} path={queryPath} />
              {match === undefined ? <span /> : <Text size="sm">{score?.toFixed(3)}</Text>}
              {match === undefined ? <span /> : <Clip id={matchId} path={matchPath} />}
              {queryId !== undefined && matchId !== undefined ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Play ${fileName(queryPath)} beside ${fileName(matchPath)}`}
                  onClick={() => setPlaying({ query: queryId, match: matchId })}
                >
                  Play
                </Button>
              ) : (
                <span />
              )}
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

function Clip({ id, path }: { readonly id: string | undefined; readonly path: string }) {
  return (
    <div className={classes.clip}>
      <ClipThumbnail id={id} />
      <span className={classes.name} title={path}>
        {fileName(path)}
        {id === undefined && ' (not in this library)'}
      </span>
    </div>
  );
}
