import { Button, Group, Modal, Text } from '@mantine/core';
import { LibraryBig, ScanSearch, Target } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { type Dropped, readDrop } from '../state/found-files';
import { useStores } from '../state/stores';
import classes from './drop-targets.module.css';

type Purpose = 'add' | 'search' | 'evaluate' | 'ask';

const targets = [
  { purpose: 'add', label: 'Add to library', icon: LibraryBig },
  { purpose: 'search', label: 'Search with this', icon: ScanSearch },
  { purpose: 'evaluate', label: 'Labels or report', icon: Target },
] as const;

const isOffered = (purpose: Purpose, page: Purpose): boolean =>
  purpose === 'add' || purpose === 'search' || purpose === page;

/** While files are dragged over the window, large targets, the one that suits the page first and larger; a drop
 * beside them goes by the page, or asks. */
export function DropTargets() {
  const { evaluation, groundTruth, jobs, search } = useStores();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [dragging, setDragging] = useState(false);
  const [asking, setAsking] = useState<File>();

  const add = ({ folders, found }: Dropped) => {
    navigate('/library');
    for (const folder of folders) void jobs.getState().addFolder(folder);
    if (found.files.length > 0) void jobs.getState().add(found);
  };
  const searchWith = (files: readonly File[]) => {
    navigate('/search');
    void search.getState().searchFiles(files);
  };
  const drop = async (data: DataTransfer, purpose: Purpose) => {
    const dropped = await readDrop(data);
    const [only, ...others] = dropped.found.files;
    const papers = dropped.found.files.filter(({ path }) => /\.(csv|tsv|txt|json)$/i.test(path));
    if (purpose === 'evaluate' && papers.length > 0 && papers.length === dropped.found.files.length) {
      const files = await Promise.all(papers.map((paper) => paper.open()));
      const report = files.find(({ name }) => /\.json$/i.test(name));
      if (report) await evaluation.getState().openFile(report);
      else await groundTruth.getState().choose({ from: 'files', files });
      return;
    }
    const ask = purpose !== 'add' && dropped.folders.length === 0 && (purpose === 'search' || others.length === 0);
    const opened = ask ? await Promise.all(dropped.found.files.map((each) => each.open().catch(() => []))) : [];
    const files = opened.flat();
    const [file] = files;
    if (!only || !file) add(dropped);
    else if (purpose === 'search') searchWith(files);
    else setAsking(file);
  };

  const dropRef = useRef(drop);
  dropRef.current = drop;
  const besides: Readonly<Record<string, Purpose>> = {
    '/library': 'add',
    '/search': 'search',
    '/evaluate': 'evaluate',
  };
  const besideTargets: Purpose = besides[pathname] ?? 'ask';
  const besideRef = useRef(besideTargets);
  besideRef.current = besideTargets;

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (hasFiles(event)) setDragging(true);
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      // Only leaving the window has nothing on the other side.
      if (event.relatedTarget === null) setDragging(false);
    };
    // Not before the drop has reached its target, which would be gone by then.
    const close = () => setTimeout(() => setDragging(false));
    const dropped = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      void dropRef.current(event.dataTransfer, besideRef.current);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', close, true);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', close, true);
      window.removeEventListener('drop', dropped);
    };
  }, []);

  const close = () => setAsking(undefined);

  return (
    <>
      {dragging && (
        <section className={classes.overlay} aria-label="Drop targets">
          {targets
            .filter(({ purpose }) => isOffered(purpose, besideTargets))
            .map(({ purpose, label, icon: Icon }) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: only a dragged file can be dropped; buttons do the same
              <div
                key={purpose}
                className={classes.target}
                data-first={purpose === besideTargets || undefined}
                onDrop={(event) => {
                  event.preventDefault();
                  event.stopPropagation();
                  void drop(event.dataTransfer, purpose);
                }}
              >
                <Icon size={40} aria-hidden />
                {label}
              </div>
            ))}
        </section>
      )}
      <Modal
        opened={asking !== undefined}
        onClose={close}
        title="What should happen with this file?"
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text mb="md" className={classes.name}>
          {asking?.name}
        </Text>
        <Group grow>
          <Button
            h={96}
            variant="default"
            leftSection={<LibraryBig size={24} aria-hidden />}
            onClick={() => {
              const file = asking as File;
              close();
              add({
                folders: [],
                found: { files: [{ folder: null, path: file.name, labels: [], open: async () => file }], skipped: 0 },
              });
            }}
          >
            Add to library
          </Button>
          <Button
            h={96}
            variant="default"
            leftSection={<ScanSearch size={24} aria-hidden />}
            onClick={() => {
              searchWith([asking as File]);
              close();
            }}
          >
            Search with this
          </Button>
        </Group>
      </Modal>
    </>
  );
}
