import { Button, Group, Switch, Text } from '@mantine/core';
import type { ModelsState } from '../../state/models-store';
import { bytesText } from './bytes-text';

type ModelCopy = NonNullable<NonNullable<ModelsState['models']>[number]['copy']>;

type EightBitCopyProps = {
  /** Undefined where none was made. */
  readonly copy: ModelCopy | undefined;
  readonly disabled: boolean;
  readonly onMake: () => void;
  readonly onUse: (inUse: boolean) => void;
  readonly onRemove: () => void;
};

/** The copy of a network that computes in 8 bits: made here, switched on and off, removed. */
export function EightBitCopy({ copy, disabled, onMake, onUse, onRemove }: EightBitCopyProps) {
  if (!copy) {
    return (
      <div>
        <Button variant="default" disabled={disabled} onClick={onMake}>
          Make a faster 8-bit copy
        </Button>
        <Text size="xs" c="dimmed" mt={4}>
          On the processor a network of convolutions runs about twice as fast in 8 bits. The copy is made here in half a
          minute, compared with the network, and kept only where it is faster and describes alike. Its vectors are a
          space of their own: make it before a large folder is indexed.
        </Text>
      </div>
    );
  }
  return (
    <Group gap={16} justify="space-between" wrap="nowrap" align="flex-start">
      <Switch
        label="Use its 8-bit copy"
        description={`${copy.timesFaster.toFixed(1)} times as fast on the processor here, vectors alike to a mean cosine of ${copy.similarity.toFixed(3)}; ${bytesText(copy.bytes)}. Videos described without it are to be indexed again.`}
        checked={copy.inUse}
        disabled={disabled}
        onChange={(event) => onUse(event.currentTarget.checked)}
      />
      <Button variant="default" disabled={disabled} onClick={onRemove} flex="none" aria-label="Remove the 8-bit copy">
        Remove copy
      </Button>
    </Group>
  );
}
