import { Button } from '@mantine/core';
import { Eye } from 'lucide-react';
import { useNavigate } from 'react-router';
import { useStores, useStoreValue } from '../../state/stores';
import { recentlyWatched } from '../../state/watched-store';

/** Searches for what is like the videos that were played last; nothing where none is known. */
export function WatchedButton() {
  const { library, search, watched } = useStores();
  const navigate = useNavigate();
  const played = useStoreValue(watched, ({ videos }) => videos);
  const byId = useStoreValue(library, (all) => all.byId);
  const videos = recentlyWatched(played, (id) => {
    const video = byId.get(id);
    return video && video.spaces.length > 0 ? video : undefined;
  });
  if (videos.length === 0) return null;
  return (
    <Button
      variant="default"
      size="compact-md"
      leftSection={<Eye size={16} aria-hidden />}
      title={`The last played here: ${videos.map(({ name }) => name).join(', ')}`}
      onClick={() => {
        navigate('/search');
        void search.getState().searchVideos('What I watched', videos);
      }}
    >
      More like what I watched
    </Button>
  );
}
