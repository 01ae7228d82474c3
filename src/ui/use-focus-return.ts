import { useEffect, useState } from 'react';

/** For a dialog that is in the document only while it is open: gives the focus back to where it was. */
export function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}
