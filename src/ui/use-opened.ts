import { useEffect, useState } from 'react';

/** `opened`, one render late: a dialog whose code loads with its first opening is closed for a moment, so that it
 * learns where the focus was and gives it back. */
export function useOpened(opened: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => setLate(opened), [opened]);
  return late;
}
