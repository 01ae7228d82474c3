import { notifications } from '@mantine/notifications';

/** Says that the files of some videos could not be indexed for want of the files. */
export function showAway(count: number): void {
  if (count === 0) return;
  notifications.show({
    message: `${count === 1 ? 'The file of 1 video is' : `The files of ${count} videos are`} not at hand. Add the folder or the files again.`,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
