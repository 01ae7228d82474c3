import { Button, Group, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';

/** The field for a search by words; `words` are those that are searched for now. */
export function WordsInput({ words, onWords }: { words: string | undefined; onWords: (text: string) => void }) {
  const [typed, setTyped] = useState(words ?? '');
  useEffect(() => setTyped(words ?? ''), [words]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onWords(typed);
  };
  return (
    <form onSubmit={submit}>
      <Group gap={8} wrap="nowrap" align="flex-end">
        <TextInput
          type="search"
          label="Search by words"
          placeholder="dog, violin, a title …"
          flex={1}
          miw={0}
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" aria-label="Search by these words" px={12}>
          <Search size={16} aria-hidden />
        </Button>
      </Group>
    </form>
  );
}
