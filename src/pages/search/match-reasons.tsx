import { Text } from '@mantine/core';
import type { Found } from '../../state/query-ranking';
import { clock } from '../../ui/moment';
import { extractorLabel } from '../descriptor-words';
import classes from './search.module.css';

type Reason = NonNullable<Found['reasons']>[number];

const fields: Record<Extract<Reason, { kind: 'text' }>['field'], string> = {
  title: 'in its title',
  tags: 'in its tags',
  labels: 'in its labels',
  name: 'in its file name',
  description: 'in its description',
};

function wordsFor(reason: Reason): string {
  if (reason.kind === 'text') return `“${reason.term}” ${fields[reason.field]}`;
  const { probability, time } = reason;
  const when = time === undefined ? '' : ` at ${clock(time)}`;
  if (reason.kind === 'meaning') {
    return `${extractorLabel(reason.extractor)} ${probability.toFixed(2)}${when && `, best${when}`}`;
  }
  return `${reason.name} ${probability.toFixed(2)} ${reason.vocabulary === 'audioset' ? 'heard' : 'seen'}${when}`;
}

/** Why a video answers to words: what the pictures mean, where the words stand, or what was recognised, how surely and
 * when. */
export function MatchReasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  return (
    <ul className={classes.parts} aria-label="Why it was found">
      {reasons.map((reason) => (
        <Text component="li" key={`${reason.kind} ${reason.term}`} size="sm">
          {wordsFor(reason)}
        </Text>
      ))}
    </ul>
  );
}
