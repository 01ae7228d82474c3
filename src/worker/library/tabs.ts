import type { LibraryChange } from '../../protocol/library-api';

/** What other tabs hear: also of which spaces vectors were stored. */
export type TabChange = 'everything' | (Exclude<LibraryChange, 'everything'> & { readonly spaces: readonly string[] });

/** Carries changes to the libraries of other tabs. */
export type Tabs = {
  announce(change: TabChange): void;
  /** True when no other tab has the library open; later tabs then see this one. */
  readonly alone: Promise<boolean>;
  close(): void;
};

/** `onChange` hears of other tabs' changes. */
export function joinTabs(name: string, onChange: (change: TabChange) => unknown): Tabs {
  const channel = new BroadcastChannel(`${name}-changes`);
  channel.onmessage = ({ data }: MessageEvent<TabChange>) => onChange(data);
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return {
    announce: (change) => channel.postMessage(change),
    alone: isAlone(`${name}-open`, left),
    close: () => {
      channel.close();
      leave();
    },
  };
}

/** Every open tab shares a lock; whoever could have had it alone is the only one. */
async function isAlone(lock: string, left: Promise<void>): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return false;
  const alone = await locks.request(lock, { ifAvailable: true }, (granted) => granted !== null);
  void locks.request(lock, { mode: 'shared' }, () => left);
  return alone;
}
