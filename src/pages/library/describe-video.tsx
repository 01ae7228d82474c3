import { Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { useStores } from '../../state/stores';

type Texts = 'title' | 'description' | 'group';

/** Labels, title, description, tags and group, written as soon as a field is left. */
export function DescribeVideo({ video }: { video: VideoRecord }) {
  const { engine, library } = useStores();
  const { id, labels, tags = [] } = video;
  const write = async (changes: Parameters<typeof engine.library.edit>[0]['edits'][number]['changes']) => {
    library.getState().apply(await engine.library.edit({ edits: [{ id, changes }] }));
  };
  const text = (key: Texts) => ({ value: video[key] ?? '', onWrite: (value: string) => void write({ [key]: value }) });
  return (
    <Stack gap="xs">
      <TagsInput
        label="Labels"
        description="What it shows: evaluation compares videos by this"
        value={[...labels]}
        onChange={(changed) => void write({ labels: changed })}
        comboboxProps={{ withinPortal: true }}
      />
      <TextField key={`title ${id}`} label="Title" {...text('title')} />
      <TextField key={`description ${id}`} label="Description" long {...text('description')} />
      <TagsInput
        label="Tags"
        value={[...tags]}
        onChange={(changed) => void write({ tags: changed })}
        comboboxProps={{ withinPortal: true }}
      />
      <TextField key={`group ${id}`} label="Group" {...text('group')} />
    </Stack>
  );
}

type FieldProps = {
  readonly label: string;
  readonly long?: boolean;
  readonly value: string;
  readonly onWrite: (value: string) => void;
};

function TextField({ label, long = false, value, onWrite }: FieldProps) {
  const [typed, setTyped] = useState<string>();
  const field = {
    label,
    value: typed ?? value,
    onChange: (event: { currentTarget: { value: string } }) => setTyped(event.currentTarget.value),
    onBlur: () => {
      if (typed !== undefined && typed.trim() !== value) onWrite(typed.trim());
      setTyped(undefined);
    },
  };
  return long ? <Textarea autosize minRows={2} {...field} /> : <TextInput {...field} />;
}
