import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { parseSpaceKey } from '../../core/feature';
import type { SearchState } from '../../state/search-state';
import { describeError } from '../../ui/error-messages';
import { extractorLabel } from '../descriptor-words';

/** Where words were looked for, and why a descriptor that could read them did not. */
export function WordsNote({ meanings }: { readonly meanings: SearchState['meanings'] }) {
  const readers = meanings?.found.map(({ space }) => extractorLabel(parseSpaceKey(space)?.extractor ?? '')) ?? [];
  return (
    <>
      <Text size="sm" c="dimmed">
        Looked for in titles, tags, labels, file names and descriptions, and in what was seen and heard
        {readers.length > 0 && `; the whole text was compared with the pictures by ${readers.join(' and ')}`}.
      </Text>
      {meanings?.failures.map(({ space, extractor, error }) => (
        <Text key={space} size="sm" role="status">
          {extractorLabel(extractor)} did not read the text: {describeError(error).what}{' '}
          <Anchor component={Link} to="/settings" underline="always">
            See its files in the settings
          </Anchor>
          .
        </Text>
      ))}
    </>
  );
}
