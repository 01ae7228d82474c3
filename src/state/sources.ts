import { createStore, type StoreApi } from 'zustand/vanilla';
import { isSampleClip, type VideoRecord } from '../core/video';
import type { KeptFolder, LibraryApi } from '../protocol/library-api';
import { askToRead, isReadable } from './file-system-access';
import { type FoundFile, type FoundFiles, listFolder } from './found-files';

export type SourcesState = {
  /** Kept folders that may be read now, and those that need one click first. */
  readonly connected: readonly KeptFolder[];
  readonly disconnected: readonly KeptFolder[];

  /** Reads the kept folders and what the browser lets us do with them. */
  refresh(): Promise<void>;
  /** Keeps a folder, so that later visits find it again; the same folder twice is kept once. */
  keep(handle: FileSystemDirectoryHandle): Promise<KeptFolder>;
  list(folder: KeptFolder, onCount: (count: number) => void): Promise<FoundFiles>;
  /** Asks to read a folder again; needs a click. False when the person said no. */
  reconnect(folder: KeptFolder): Promise<boolean>;
  forget(folder: KeptFolder): Promise<void>;
  /** Remembers for this visit where a video's file is. */
  remember(id: string, file: FoundFile): void;
  /** Whether the file of a video is at hand without asking the person for anything. */
  reaches(video: VideoRecord): boolean;
  /** The kept folder that holds a video and needs a click, if any. */
  folderToReconnect(video: VideoRecord): KeptFolder | undefined;
  /** The file itself, from this visit or from a kept folder; undefined where neither has it. */
  fileOf(videoId: string): Promise<File | undefined>;
};

export type SourcesStore = StoreApi<SourcesState>;

export function createSourcesStore({
  library,
  videoOf,
}: {
  library: LibraryApi;
  videoOf: (id: string) => VideoRecord | undefined;
}): SourcesStore {
  const session = new Map<string, FoundFile>();

  return createStore<SourcesState>()((set, get) => {
    const all = () => [...get().connected, ...get().disconnected];
    const withoutFolder = (folders: readonly KeptFolder[], { id }: KeptFolder) => folders.filter((f) => f.id !== id);
    const connect = (folder: KeptFolder) =>
      set({
        connected: [...withoutFolder(get().connected, folder), folder],
        disconnected: withoutFolder(get().disconnected, folder),
      });

    const fromFolders = async (video: VideoRecord): Promise<File | undefined> => {
      for (const { folder: id, path } of video.locations) {
        const folder = get().connected.find((kept) => kept.id === id);
        const file = folder && (await openIn(folder.handle, path.split('/').slice(1)).catch(ignoreGone));
        if (file) return file;
      }
      return undefined;
    };

    return {
      connected: [],
      disconnected: [],

      async refresh() {
        const folders = await library.folders();
        const readable = await Promise.all(folders.map(({ handle }) => isReadable(handle)));
        set({
          connected: folders.filter((_, i) => readable[i]),
          disconnected: folders.filter((_, i) => !readable[i]),
        });
      },

      async keep(handle) {
        for (const folder of all()) {
          if (!(await folder.handle.isSameEntry(handle))) continue;
          const fresh = { ...folder, handle };
          connect(fresh);
          return fresh;
        }
        const folder: KeptFolder = { id: crypto.randomUUID(), name: handle.name, handle };
        await library.keepFolder({ folder });
        connect(folder);
        return folder;
      },

      list: ({ id, handle }, onCount) => listFolder(id, handle, onCount),

      async reconnect(folder) {
        const granted = await askToRead(folder.handle);
        if (granted) connect(folder);
        return granted;
      },

      async forget(folder) {
        await library.forgetFolder({ id: folder.id });
        set({
          connected: withoutFolder(get().connected, folder),
          disconnected: withoutFolder(get().disconnected, folder),
        });
      },

      remember(id, file) {
        session.set(id, file);
      },

      reaches: (video) =>
        session.has(video.id) ||
        isSampleClip(video) ||
        video.locations.some(({ folder }) => get().connected.some(({ id }) => id === folder)),

      folderToReconnect: (video) =>
        get().disconnected.find(({ id }) => video.locations.some(({ folder }) => folder === id)),

      async fileOf(videoId) {
        const atHand = await session.get(videoId)?.open().catch(ignoreGone);
        if (atHand) return atHand;
        const video = videoOf(videoId);
        if (!video) return undefined;
        const found = await fromFolders(video);
        if (found || !isSampleClip(video)) return found;
        const sample = await library.proxy({ id: videoId });
        return sample && new File([sample], video.name, { type: sample.type });
      },
    };
  });
}

async function openIn(root: FileSystemDirectoryHandle, parts: readonly string[]): Promise<File> {
  let directory = root;
  for (const part of parts.slice(0, -1)) directory = await directory.getDirectoryHandle(part);
  return (await directory.getFileHandle(parts.at(-1) ?? '')).getFile();
}

/** A file that was moved, deleted or locked is simply not at hand. */
function ignoreGone(error: unknown): undefined {
  if (error instanceof DOMException || error instanceof TypeError) return undefined;
  throw error;
}
