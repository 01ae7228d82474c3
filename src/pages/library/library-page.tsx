import { Title } from '@mantine/core';

export function LibraryPage() {
  return <Title order={1}>Library</Title>;
}
