import { Text } from '@mantine/core';
import { Upload } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import classes from './search.module.css';

/** What the file dialog offers; any file may be dropped, and is told apart by its content. */
const accept =
  'video/*,audio/*,image/*,.avi,.mkv,.mov,.mpg,.mpeg,.m4v,.ts,.wmv,.flv,.3gp,.webm,.ogv,.ogg,.wav,.mp3,.m4a,.flac,.opus';

/** Drop zone and file dialog for the query. `compact` once there is a query to replace. */
export function QueryInput({ compact, onFile }: { compact: boolean; onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    onFile(file);
  };
  return (
    <label
      className={classes.drop}
      data-compact={compact || undefined}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        aria-label="Query video"
        accept={accept}
        className={classes.file}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <Upload size={compact ? 16 : 24} aria-hidden />
      <span>
        <Text component="span" fw={600} size={compact ? 'sm' : 'md'}>
          {compact ? 'Search with another file' : 'Drop a video or a still image'}
        </Text>
        {!compact && (
          <Text component="span" size="sm" c="dimmed" display="block">
            or press to choose one. It stays on this device.
          </Text>
        )}
      </span>
    </label>
  );
}
