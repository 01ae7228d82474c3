import { Button, Title } from '@mantine/core';
import { History } from 'lucide-react';
import type { Query } from '../../state/query';
import classes from './search.module.css';

type Props = {
  readonly recents: readonly Query[];
  readonly onPick: (query: Query) => void;
};

/** Earlier queries of this visit; their features are still at hand. */
export function Recents({ recents, onPick }: Props) {
  if (recents.length === 0) return null;
  return (
    <section aria-labelledby="recents-title" className={classes.earlier}>
      <Title order={2} size="h6" id="recents-title" mb={4}>
        Earlier queries
      </Title>
      <ul className={classes.recents}>
        {recents.map((query) => (
          <li key={query.key}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              fw={400}
              fullWidth
              justify="flex-start"
              leftSection={<History size={14} aria-hidden />}
              title={titleOf(query)}
              onClick={() => onPick(query)}
            >
              {titleOf(query)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Its name and what it was made of beside it: `clip.mp4 + 2 examples`. */
function titleOf({ name, several, examples, part }: Query): string {
  const count = `${examples.length} ${examples.length === 1 ? 'example' : 'examples'}`;
  const more = several ? ` (${examples.length})` : examples.length > 0 ? ` + ${count}` : '';
  return `${name}${part ? ', a part' : ''}${more}`;
}
