import { Autocomplete, Button, Table, Text, Title } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { EvaluationReport } from '../../core/evaluation/report';
import { queryNames, singleQuery } from '../../core/evaluation/single-query';
import { NumberField } from '../../ui/number-field';
import { Staged } from '../../ui/staged';
import { three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { PairPlayer } from '../pair-player';
import { Wide } from '../wide';
import { ClipThumbnail } from './clip-view';
import { fileName, useReportVideos } from './report-videos';

type Props = { readonly report: EvaluationReport };

const mostOffered = 30;

/** Precision, recall and the confusion matrix of the top k of one query. */
export const SingleQueryView = memo(({ report }: Props) => {
  const { dataSet, queries, settings } = report;
  const [typed, setTyped] = useState('');
  const [k, setK] = useState(settings.confusionK);
  const [playing, setPlaying] = useState<{ readonly query: string; readonly match: string }>();
  const videoOf = useReportVideos(report);
  const names = useMemo(() => queryNames(report), [report]);
  // The list prepares all it is given: thousands would hold the page up.
  const offered = useMemo(() => {
    const wanted = typed.trim().toLowerCase();
    const found: string[] = [];
    for (const name of names.keys()) {
      if (name.toLowerCase().includes(wanted)) found.push(name);
      if (found.length === mostOffered) break;
    }
    return found;
  }, [names, typed]);
  if (queries.predicted || names.size === 0) return null;
  const query = names.get(typed) ?? -1;
  const judged = query < 0 ? undefined : singleQuery(report, query, k);
  const queryId = videoOf(queries.video[query]);
  const classesOf = (video: number) => dataSet.videos[video]?.labels ?? [];
  const labels = (video: number) => classesOf(video).map((label) => dataSet.classes[label]);
  return (
    <section aria-label="One query" className={classes.screenOnly}>
      <Title order={3} size="h5" mb={8}>
        One query
      </Title>
      <div className={classes.bar}>
        <Staged>
          <Autocomplete
            label="Query"
            placeholder="Type a part of its name"
            flex="1 1 240px"
            maw={560}
            data={offered}
            filter={({ options }) => options}
            value={typed}
            onChange={setTyped}
          />
          <NumberField label="Matches" value={k} onValue={setK} max={settings.topK} />
        </Staged>
      </div>
      {judged && (
        <>
          <Text size="sm" my="sm" role="status">
            {labels(queries.video[query] as number).join(', ')}: precision@{k} {three(judged.precision)}, recall@{k}{' '}
            {three(judged.recall)}, F1@{k} {three(judged.f1)}; first right match at rank {queries.firstRank[query]}.
          </Text>
          <ul className={classes.matches} aria-label={`Top ${k}`}>
            {judged.matches.map(({ video, score, relevant }, i) => {
              const path = dataSet.videos[video]?.path ?? '';
              const id = videoOf(video);
              return (
                <li key={video} className={classes.match} data-relevant={relevant}>
                  <ClipThumbnail id={id} />
                  <span className={classes.name}>
                    {i + 1}. {fileName(path)}
                  </span>
                  <Text size="xs">
                    {three(score)} · {labels(video).join(', ')} · {relevant ? 'right' : 'wrong'}
                  </Text>
                  {queryId !== undefined && id !== undefined && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Play beside ${fileName(path)}`}
                      onClick={() => setPlaying({ query: queryId, match: id })}
                    >
                      Play
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
          <Wide name="Confusion of this query">
            <Table aria-label="Confusion matrix of this query" w="auto" mt="sm" verticalSpacing={4} withColumnBorders>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">True \ predicted</Table.Th>
                  {judged.classes.map(({ label }) => (
                    <Table.Th key={label} scope="col">
                      {dataSet.classes[label]}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {classesOf(queries.video[query] as number).map((truth) => (
                  <Table.Tr key={truth}>
                    <Table.Th scope="row">{dataSet.classes[truth]}</Table.Th>
                    {judged.classes.map(({ label, count, right }) => (
                      <Table.Td key={label} fw={right ? 600 : undefined}>
                        {count}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        </>
      )}
      {playing && <PairPlayer {...playing} onClose={() => setPlaying(undefined)} />}
    </section>
  );
});
