import { Button, Text } from '@mantine/core';
import { Play } from 'lucide-react';
import type { AlignedTimelines } from '../../state/moments-store';
import { clock } from '../../ui/moment';
import { SimilarityMatrix } from '../../ui/similarity-matrix';
import classes from './moments.module.css';
import { changeWords, segmentWords } from './moments-words';

type Props = {
  readonly aligned: AlignedTimelines;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
};

/** Where the query and a match show the same: on both timelines, in the matrix of their frames, and in words. */
export function MomentsView({ aligned, chosen, onChoose }: Props) {
  const { segments, matrix, query, match } = aligned;
  const untold = query.telling === 0 ? 'query' : match.telling === 0 ? 'match' : undefined;
  if (untold) {
    return (
      <Text size="sm" role="status">
        The {untold} is dark or plain throughout: its pictures cannot be told from those of other videos.
      </Text>
    );
  }
  const changes = changeWords(aligned, segments);
  const spacing = Math.max(query.spacing, match.spacing);
  const found =
    segments.length === 0
      ? 'No part of the query was found in this video. What is alike without being the same shot is not counted.'
      : `${segments.length === 1 ? 'One part is' : `${segments.length} parts are`} in both${changes && ` (${changes})`}.`;
  const fine = spacing > 0 ? ` Frames ${spacing.toFixed(2)} s apart were compared.` : '';
  return (
    <section className={classes.view} aria-label="Moments">
      <Text size="sm" role="status">
        {found}
        {fine}
      </Text>
      {segments.length > 0 && (
        <ol className={classes.segments} aria-label="Parts in both">
          {segments.map((segment, index) => (
            <li key={segmentWords(segment)}>
              <Button
                size="compact-sm"
                variant={index === chosen ? 'filled' : 'default'}
                aria-pressed={index === chosen}
                leftSection={<Play size={12} aria-hidden />}
                onClick={() => onChoose(index)}
              >
                {segments.length > 1 && `${index + 1}: `}
                {segmentWords(segment)}
              </Button>
            </li>
          ))}
        </ol>
      )}
      {(['query', 'match'] as const).map((side) => (
        <Timeline key={side} aligned={aligned} side={side} chosen={chosen} onChoose={onChoose} />
      ))}
      <SimilarityMatrix
        matrix={matrix}
        rows={query.count}
        columns={match.count}
        query={query}
        match={match}
        segments={segments}
        chosen={chosen}
        label={`Similarity of ${query.count} frames of the query, downwards, and ${match.count} of the match, across. ${found}`}
      />
      <Text size="xs" c="dimmed">
        Each point is a pair of frames, the query's downwards and the match's across: the stronger, the more alike. A
        line marks where both show the same.
      </Text>
    </section>
  );
}

function Timeline({ aligned, side, chosen, onChoose }: Props & { side: 'query' | 'match' }) {
  const { from, to } = aligned[side];
  const share = (seconds: number) => `${(100 * seconds) / Math.max(1e-6, to - from)}%`;
  return (
    <div className={classes.timeline}>
      <Text component="span" size="xs" c="dimmed">
        {side === 'query' ? 'Query' : 'Match'}
      </Text>
      <div className={classes.bar}>
        {aligned.segments.map((segment, index) => (
          <button
            type="button"
            key={segmentWords(segment)}
            className={classes.mark}
            data-chosen={index === chosen || undefined}
            style={{
              insetInlineStart: share(segment[side].from - from),
              width: share(segment[side].to - segment[side].from),
            }}
            // The list above holds the same for keys and for assistive technology.
            tabIndex={-1}
            aria-hidden="true"
            title={segmentWords(segment)}
            onClick={() => onChoose(index)}
          >
            {aligned.segments.length > 1 ? index + 1 : ''}
          </button>
        ))}
      </div>
      <Text component="span" size="xs" c="dimmed" className={classes.end}>
        {from > 0 && `${clock(from)} to `}
        {clock(to)}
      </Text>
    </div>
  );
}
