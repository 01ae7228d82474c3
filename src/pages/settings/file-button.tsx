import { FileUp } from 'lucide-react';
import classes from './settings.module.css';

/** A file input that looks like a button and keeps its own accessible name and keyboard use. */
export function FileButton(props: { label: string; accept: string; onFile: (file: File) => void }) {
  const { label, accept, onFile } = props;
  return (
    <label className={classes.fileButton}>
      <FileUp size={16} aria-hidden />
      <span aria-hidden="true">{label}</span>
      <input
        type="file"
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
