/** The parts of the File System Access API that TypeScript's DOM library leaves out; absent in Firefox and Safari. */
type PermissionDescriptor = { readonly mode: 'read' };
type Permitted = {
  queryPermission?(descriptor: PermissionDescriptor): Promise<PermissionState>;
  requestPermission?(descriptor: PermissionDescriptor): Promise<PermissionState>;
};
type Picker = { showDirectoryPicker?(options: { id: string }): Promise<FileSystemDirectoryHandle> };
type DropItem = { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

const read = { mode: 'read' } as const;

export function canPickFolders(): boolean {
  return (globalThis as Picker).showDirectoryPicker !== undefined;
}

/** Asks for a folder; undefined when the person changed their mind. Needs a click. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await (globalThis as Picker).showDirectoryPicker?.({ id: 'reelmatch-videos' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

export async function isReadable(handle: FileSystemHandle): Promise<boolean> {
  return ((await (handle as Permitted).queryPermission?.(read)) ?? 'granted') === 'granted';
}

/** Asks to read a kept folder again. Needs a click. */
export async function askToRead(handle: FileSystemHandle): Promise<boolean> {
  return ((await (handle as Permitted).requestPermission?.(read)) ?? 'granted') === 'granted';
}

/** The handle of a dropped item where the browser has such; must be called in the drop event itself. */
export function droppedHandle(item: DataTransferItem): Promise<FileSystemHandle | null> | undefined {
  return (item as DropItem).getAsFileSystemHandle?.();
}
