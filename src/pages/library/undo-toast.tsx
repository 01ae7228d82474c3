import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { LibraryStore } from '../../state/library-store';

/** Says that videos left the library, and offers for a while to bring them back. */
export function showUndo(library: LibraryStore, ids: readonly string[], message: string, onUndone?: () => void): void {
  let undone = false;
  const undo = async () => {
    undone = true;
    notifications.hide(id);
    await library.getState().restore(ids);
    onUndone?.();
  };
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button size="compact-sm" variant="default" onClick={() => void undo()}>
          Undo
        </Button>
      </Group>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
    onClose: () => {
      if (!undone) void library.getState().forget(ids);
    },
  });
}
