import type { VideoRecord } from '../../core/video';

/** Changes whenever the pictures of a video may have. */
export const pictureVersion = ({ state, spaces }: VideoRecord): string => `${state} ${spaces.length}`;
