import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { FolderPlus, Keyboard, Moon, Pause, Play, ScanSearch, Sparkles, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { filterVideos } from '../core/filter-videos';
import { canPickFolders, pickFolder } from '../state/file-system-access';
import { useStores, useStoreValue } from '../state/stores';
import { pages } from './pages';

const [palette, control] = createSpotlight();

const videosListed = 6;

/** Opens whenever `opening` changes. */
export function CommandPalette({ opening, onShortcuts }: { opening: number; onShortcuts: () => void }) {
  const navigate = useNavigate();
  const { jobs, library } = useStores();
  const phase = useStoreValue(jobs, (state) => state.phase);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (opening > 0) control.open();
  }, [opening]);

  const command = (label: string, Icon: typeof Sun, onClick: () => void): SpotlightActionData => ({
    id: label,
    label,
    onClick,
    leftSection: <Icon size={16} aria-hidden />,
  });
  const addFolder = async () => {
    const folder = await pickFolder();
    if (!folder) return;
    navigate('/library');
    await jobs.getState().addFolder(folder);
  };
  const actions = [
    ...pages.map(({ route, label, icon }) => command(label, icon, () => navigate(`/${route}`))),
    ...(canPickFolders() ? [command('Add folder', FolderPlus, () => void addFolder())] : []),
    command('Try the sample library', Sparkles, () => {
      navigate('/library');
      void jobs.getState().addSample();
    }),
    ...(phase === 'indexing' ? [command('Pause indexing', Pause, () => jobs.getState().pause())] : []),
    ...(phase === 'paused' ? [command('Resume indexing', Play, () => jobs.getState().resume())] : []),
    command('Light theme', Sun, () => setColorScheme('light')),
    command('Dark theme', Moon, () => setColorScheme('dark')),
    command('Shortcuts', Keyboard, onShortcuts),
  ];
  const [typed, setTyped] = useState('');
  const videos = typed.trim().length < 2 ? [] : filterVideos(library.getState().videos, typed);
  const similar = videos
    .filter(({ spaces }) => spaces.length > 0)
    .slice(0, videosListed)
    .map(
      ({ id, name, title, labels }): SpotlightActionData => ({
        ...command(title ?? name, ScanSearch, () => navigate(`/search?video=${encodeURIComponent(id)}`)),
        id,
        description: ['Find similar', ...labels].join(' · '),
        // They match already; the palette would look in the label alone.
        keywords: typed,
      }),
    );
  return (
    <Spotlight
      store={palette}
      shortcut={null}
      query={typed}
      onQueryChange={setTyped}
      actions={[...actions, ...similar]}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      nothingFound="No such command or video"
      searchProps={{ placeholder: 'A command, or words of a video', 'aria-label': 'Command' }}
    />
  );
}
