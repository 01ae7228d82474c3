import { Kbd, Modal, Table } from '@mantine/core';
import { useOpened } from '../ui/use-opened';

const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

const shortcuts: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['?'], 'Show this list'],
  [[mod, 'K'], 'Find a command'],
  [['/'], 'Library: filter'],
  [['←', '→', '↑', '↓'], 'Library: move between videos'],
  [['Enter'], 'Library: details of the video'],
  [['Space'], 'Library: select or deselect'],
  [['Shift', 'click'], 'Library: select a range'],
  [[mod, 'A'], 'Library: select all that are listed'],
  [['S'], 'Library: find similar'],
  [['+', '−'], 'Search: more, or less, like the match'],
  [['Delete'], 'Library: delete the selected videos'],
  [['←', '→', '+', '−', '0'], 'Map: move, zoom, fit to view'],
  [['Esc'], 'Close, or clear the selection'],
];

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={useOpened(opened)} onClose={onClose} title="Shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table>
        <Table.Tbody>
          {shortcuts.map(([keys, what]) => (
            <Table.Tr key={what}>
              <Table.Td w={160}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
