import { Button, Group, Text } from '@mantine/core';
import { Minus, Plus, Undo2, X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import type { Example } from '../../state/query';
import classes from './examples.module.css';

type Props = {
  readonly examples: readonly Example[];
  readonly undoable: boolean;
  readonly onFlip: (key: number) => void;
  readonly onRemove: (key: number) => void;
  readonly onUndo: () => void;
};

/** What matches should be like (+), or not (−). */
export function ExampleChips({ examples, undoable, onFlip, onRemove, onUndo }: Props) {
  const undo = useRef<HTMLButtonElement>(null);
  const remove = (key: number) => {
    onRemove(key);
    // What had the focus is gone.
    requestAnimationFrame(() => undo.current?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chip = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-example]') : null;
    if (event.key === 'z' && (event.ctrlKey || event.metaKey) && undoable) onUndo();
    else if (!chip) return;
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(Number(chip.dataset.example));
    else return;
    event.preventDefault();
  };
  if (examples.length === 0 && !undoable) return null;
  return (
    <section aria-label="Examples" onKeyDown={onKeyDown} className={classes.examples}>
      <ul className={classes.chips}>
        {examples.map(({ key, name, liked }) => (
          <li key={key} className={classes.chip} data-example={key} data-less={!liked || undefined}>
            <button
              type="button"
              className={classes.sign}
              aria-label={liked ? `More like ${name}: change to less` : `Less like ${name}: change to more`}
              title={liked ? 'More like this: press for less' : 'Less like this: press for more'}
              onClick={() => onFlip(key)}
            >
              {liked ? <Plus size={14} aria-hidden /> : <Minus size={14} aria-hidden />}
            </button>
            <span className={classes.chipName} title={name}>
              {name}
            </span>
            <button
              type="button"
              className={classes.sign}
              aria-label={`Remove the example ${name}`}
              title="Remove"
              onClick={() => remove(key)}
            >
              <X size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <Group justify="space-between" gap={8} wrap="nowrap" align="flex-start">
        <Text size="xs" c="dimmed">
          Matches are drawn towards + and away from −, and never include an example.
        </Text>
        {undoable && (
          <Button
            ref={undo}
            size="compact-xs"
            variant="default"
            className={classes.undo}
            leftSection={<Undo2 size={12} aria-hidden />}
            onClick={onUndo}
          >
            Undo
          </Button>
        )}
      </Group>
    </section>
  );
}
