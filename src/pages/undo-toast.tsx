import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { LibraryStore } from '../state/library-store';

/** Says that videos left the library, and offers for a while to bring them back. */
export function showUndo(library: LibraryStore, ids: readonly string[], message: string, onUndone?: () => void): void {
  showUndoable(message, {
    undo: async () => {
      await library.getState().restore(ids);
      onUndone?.();
    },
    gone: () => void library.getState().forget(ids),
  });
}

/** Says what was done, and offers for a while to undo it; `gone` when that time has ended. */
export function showUndoable(message: string, { undo, gone }: { undo: () => Promise<void>; gone?: () => void }): void {
  let undone = false;
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" miw={0} style={{ overflowWrap: 'anywhere' }}>
          {message}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          onClick={() => {
            undone = true;
            notifications.hide(id);
            void undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
    onClose: () => {
      if (!undone) gone?.();
    },
  });
}
