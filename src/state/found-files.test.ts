import { expect, test } from 'vitest';
import { fromFileList, listFolder } from './found-files';

const file = (path: string) => {
  const made = new File(['x'], path.slice(path.lastIndexOf('/') + 1));
  Object.defineProperty(made, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return made;
};

test('files chosen one by one are all taken, whatever they are called', () => {
  const { files, skipped } = fromFileList([file('a.mp4'), file('notes.txt'), file('.hidden')]);
  expect(files.map(({ path }) => path)).toEqual(['a.mp4', 'notes.txt', '.hidden']);
  expect(skipped).toBe(0);
});

test('of a folder, files that are plainly no videos are skipped and counted; unknown names are not', () => {
  const paths = [
    'F/a.mp4',
    'F/README.md',
    'F/.DS_Store',
    'F/Thumbs.db',
    'F/.git/x.mp4',
    'F/no-extension',
    'F/b.json.avi',
  ];
  const { files, skipped } = fromFileList(paths.map(file));
  expect(files.map(({ path }) => path)).toEqual(['F/a.mp4', 'F/no-extension', 'F/b.json.avi']);
  expect(skipped).toBe(4);
});

test('clips in two or more sub-folders are labelled by their folder', () => {
  const labels = (paths: string[]) => fromFileList(paths.map(file)).files.map((found) => found.labels);
  expect(labels(['UCF/YoYo/a.avi', 'UCF/Archery/b.avi', 'UCF/c.avi'])).toEqual([['YoYo'], ['Archery'], []]);
  expect(labels(['UCF/train/YoYo/a.avi', 'UCF/test/YoYo/b.avi'])).toEqual([['YoYo'], ['YoYo']]);
  expect(labels(['Trip/day/a.avi', 'Trip/day/b.avi'])).toEqual([[], []]);
  expect(labels(['Trip/a.avi', 'Trip/b.avi'])).toEqual([[], []]);
});

type Tree = { readonly [name: string]: Tree | string | Error };

function folder(name: string, tree: Tree): FileSystemDirectoryHandle {
  return {
    kind: 'directory',
    name,
    async *values() {
      for (const [child, content] of Object.entries(tree)) {
        if (content instanceof Error) {
          yield {
            kind: 'directory',
            name: child,
            values() {
              throw content;
            },
          };
        } else if (typeof content === 'object') yield folder(child, content);
        else yield { kind: 'file', name: child, getFile: async () => new File([content], child) };
      }
    },
  } as unknown as FileSystemDirectoryHandle;
}

test('a folder is listed to its depths, past a sub-folder that cannot be read', async () => {
  const gone = new DOMException('gone', 'NotFoundError');
  const { files } = await listFolder(
    'id',
    folder('Root', { 'a.mp4': 'A', deep: { deeper: { 'b.mp4': 'B' } }, locked: gone as unknown as Error }),
    () => undefined,
  );
  expect(files.map(({ path, folder: id }) => [id, path])).toEqual([
    ['id', 'Root/a.mp4'],
    ['id', 'Root/deep/deeper/b.mp4'],
  ]);
  expect(await (await files[1]?.open())?.text()).toBe('B');
});

test('a fault of our own in listing is not swallowed', async () => {
  await expect(listFolder('id', folder('Root', { broken: new RangeError('bug') }), () => undefined)).rejects.toThrow(
    'bug',
  );
});
