import { droppedHandle } from './file-system-access';

/** A file that was found and not looked at yet. */
export type FoundFile = {
  /** Id of the kept folder it lies in, or null. */
  readonly folder: string | null;
  /** From the folder's own name on, with `/`; the bare name for a file added on its own. */
  readonly path: string;
  readonly labels: readonly string[];
  /** Rejects where the file is gone or may not be read. */
  open(): Promise<File>;
};

export type FoundFiles = {
  readonly files: readonly FoundFile[];
  /** Files of folders left out because their name says that they are no videos. */
  readonly skipped: number;
};

type Listed = Omit<FoundFile, 'labels'>;

const irrelevant =
  /(^|\/)(\.[^/]*|thumbs\.db|desktop\.ini)$|\.(txt|md|csv|tsv|json|ya?ml|xml|html?|css|m?[jt]sx?|py|ipynb|log|nfo|srt|vtt|ass|sub|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|rar|7z|t?gz|bz2|xz|tar|exe|dll|so|dmg|iso|npz|npy|h5|onnx|pth?|pb|db|sqlite|ini|cfg|url|lnk)$/i;

/** Clips that lie in two or more sub-folders are labelled by the folder they lie in (`Class/clip.avi`). */
function labelled(files: readonly Listed[]): FoundFile[] {
  const parentOf = ({ path }: Listed) => path.split('/').slice(0, -1);
  const parents = new Set(
    files
      .map(parentOf)
      .filter(({ length }) => length >= 2)
      .map((parts) => parts.join('/')),
  );
  return files.map((file) => {
    const parts = parentOf(file);
    return { ...file, labels: parents.size >= 2 && parts.length >= 2 ? parts.slice(-1) : [] };
  });
}

/** Drops what is plainly no video from files that were found in folders, and labels the rest. */
function sift(listed: readonly Listed[]): FoundFiles {
  const files = listed.filter(({ path }) => !irrelevant.test(path) && !/\/\./.test(path));
  return { files: labelled(files), skipped: listed.length - files.length };
}

/** Everything in a folder and below. `onCount` hears how many files were found so far. Unreadable sub-folders are passed over. */
export async function listFolder(
  folder: string,
  handle: FileSystemDirectoryHandle,
  onCount: (count: number) => void,
): Promise<FoundFiles> {
  const listed: Listed[] = [];
  const walk = async (directory: FileSystemDirectoryHandle, path: string): Promise<void> => {
    for await (const entry of directory.values()) {
      const entryPath = `${path}/${entry.name}`;
      if (entry.kind === 'directory') {
        await walk(entry as FileSystemDirectoryHandle, entryPath).catch(passOver);
      } else {
        listed.push({ folder, path: entryPath, open: () => (entry as FileSystemFileHandle).getFile() });
        if (listed.length % 50 === 0) onCount(listed.length);
      }
    }
  };
  await walk(handle, handle.name);
  return sift(listed);
}

function passOver(error: unknown): void {
  if (!(error instanceof DOMException)) throw error;
}

/** Files of a file input, one by one or a whole folder (`webkitdirectory`). */
export function fromFileList(list: Iterable<File>): FoundFiles {
  const files = [...list].map((file) => ({
    folder: null,
    path: file.webkitRelativePath || file.name,
    open: async () => file,
  }));
  const inFolder = files.some(({ path }) => path.includes('/'));
  return inFolder ? sift(files) : { files: files.map((file) => ({ ...file, labels: [] })), skipped: 0 };
}

/** What was dropped: folders as handles that can be kept, or listed at once where the browser has none; and files. */
export type Dropped = { readonly folders: readonly FileSystemDirectoryHandle[]; readonly found: FoundFiles };

/** Must be called in the drop event itself: the items are gone after it. */
export function readDrop({ items }: DataTransfer): Promise<Dropped> {
  const dropped = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ handle: droppedHandle(item), entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return (async () => {
    const folders: FileSystemDirectoryHandle[] = [];
    const alone: File[] = [];
    const listed: Listed[] = [];
    for (const { handle: opening, entry, file } of dropped) {
      const handle = await opening?.catch(() => null);
      if (handle?.kind === 'directory') folders.push(handle as FileSystemDirectoryHandle);
      else if (entry?.isDirectory) await walkEntry(entry as FileSystemDirectoryEntry, listed);
      else if (file) alone.push(file);
    }
    const single = fromFileList(alone);
    const inFolders = sift(listed);
    return {
      folders,
      found: { files: [...single.files, ...inFolders.files], skipped: inFolders.skipped },
    };
  })();
}

async function walkEntry(directory: FileSystemDirectoryEntry, listed: Listed[]): Promise<void> {
  const reader = directory.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walkEntry(entry as FileSystemDirectoryEntry, listed).catch(passOver);
      else {
        listed.push({
          folder: null,
          path: entry.fullPath.replace(/^\//, ''),
          open: () => new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
        });
      }
    }
  }
}
