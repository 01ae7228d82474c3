import { Button } from '@mantine/core';
import { FilePlus2, FolderPlus } from 'lucide-react';
import { type InputHTMLAttributes, useRef } from 'react';
import { canPickFolders, pickFolder } from '../../state/file-system-access';
import { fromFileList } from '../../state/found-files';
import { useStores } from '../../state/stores';
import classes from './library.module.css';

/** What the file dialog offers first; the content decides. */
const accept =
  'video/*,audio/*,image/gif,.avi,.mkv,.mov,.mpg,.mpeg,.m4v,.ts,.mts,.m2ts,.wmv,.flv,.3gp,.webm,.ogv,.vob,.mxf,.divx,.rm,.asf,.ogg,.wav,.mp3,.m4a,.flac,.opus';

// React has no type for the attribute that makes a file input take a folder.
const wholeFolder = { webkitdirectory: '' } as InputHTMLAttributes<HTMLInputElement>;

export function AddButtons() {
  const { jobs } = useStores();
  const folderInput = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    const found = fromFileList(input.files ?? []);
    input.value = '';
    if (found.files.length > 0) void jobs.getState().add(found);
  };
  const addFolder = async () => {
    if (!canPickFolders()) {
      folderInput.current?.click();
      return;
    }
    const folder = await pickFolder();
    if (folder) await jobs.getState().addFolder(folder);
  };
  return (
    <>
      <Button component="label" className={classes.pick} leftSection={<FilePlus2 size={16} aria-hidden />}>
        Add videos
        <input
          type="file"
          multiple
          accept={accept}
          aria-label="Add videos"
          className={classes.file}
          onChange={(event) => take(event.currentTarget)}
        />
      </Button>
      <Button variant="default" leftSection={<FolderPlus size={16} aria-hidden />} onClick={() => void addFolder()}>
        Add folder
      </Button>
      <input ref={folderInput} type="file" hidden {...wholeFolder} onChange={(event) => take(event.currentTarget)} />
    </>
  );
}
