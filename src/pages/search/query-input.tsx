import { Text } from '@mantine/core';
import { Upload } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import classes from './search.module.css';

/** What the file dialog offers; any file may be dropped, and is told apart by its content. */
const accept =
  'video/*,audio/*,image/*,.avi,.mkv,.mov,.mpg,.mpeg,.m4v,.ts,.wmv,.flv,.3gp,.webm,.ogv,.ogg,.wav,.mp3,.m4a,.flac,.opus';

/** Drop zone and file dialog for the query, of one file or several. `compact` once there is a query to replace. */
export function QueryInput({ compact, onFiles }: { compact: boolean; onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onFiles(files);
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
        multiple
        aria-label="Query video"
        accept={accept}
        className={classes.file}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
      <Upload size={compact ? 16 : 24} aria-hidden />
      <span>
        <Text component="span" fw={600} size={compact ? 'sm' : 'md'}>
          {compact ? 'Search with other files' : 'Drop a video or a still image'}
        </Text>
        {!compact && (
          <Text component="span" size="sm" c="dimmed" display="block">
            or several, or press to choose. They stay on this device.
          </Text>
        )}
      </span>
    </label>
  );
}
