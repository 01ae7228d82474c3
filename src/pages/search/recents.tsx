import { Button, Title } from '@mantine/core';
import { History } from 'lucide-react';
import type { Query } from '../../state/query';
import classes from './search.module.css';

/** Earlier queries of this visit; their features are still at hand. */
export function Recents({ recents, onPick }: { recents: readonly Query[]; onPick: (query: Query) => void }) {
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
              title={query.name}
              onClick={() => onPick(query)}
            >
              {query.name}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
