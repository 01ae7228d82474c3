import { Text, UnstyledButton } from '@mantine/core';
import { Eye, Volume2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { shortClassName } from '../core/vocabularies/class-name';
import { momentTags } from '../core/words/moment-tags';
import type { SeenMoments } from '../core/words/word-query';
import { clock } from './moment';
import classes from './moment-tags.module.css';

type Props = {
  /** The video, and what reads of it what its networks recognised. */
  readonly id: string;
  readonly load: (id: string) => Promise<readonly SeenMoments[]>;
  /** Plays from there; without it the moments are only told. */
  readonly onSeek?: (seconds: number) => void;
};

/** What was recognised in a video, moment by moment, with its probability; nothing where no network was sure. */
export function MomentTags({ id, load, onSeek }: Props) {
  const [seen, setSeen] = useState<readonly SeenMoments[]>([]);
  useEffect(() => {
    let current = true;
    void load(id).then((found) => current && setSeen(found));
    return () => {
      current = false;
    };
  }, [id, load]);
  const tags = useMemo(() => momentTags(seen), [seen]);
  if (tags.length === 0) return null;
  return (
    <section aria-label="Recognised, moment by moment" className={classes.moments}>
      <Text size="sm" fw={600}>
        Moment by moment
      </Text>
      <ol>
        {tags.map(({ vocabulary, class: number, from, to, probability }) => {
          const [Icon, sense] = vocabulary === 'audioset' ? [Volume2, 'heard'] : [Eye, 'seen'];
          const when = clock(from) === clock(to) ? clock(from) : `${clock(from)}–${clock(to)}`;
          const words = (
            <>
              <span className={classes.when}>{when}</span>
              <Icon size={12} aria-label={sense} />
              {shortClassName(vocabulary, number)} {probability.toFixed(2)}
            </>
          );
          return (
            <li key={`${vocabulary} ${from}`}>
              {onSeek ? <UnstyledButton onClick={() => onSeek(from)}>{words}</UnstyledButton> : <span>{words}</span>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
