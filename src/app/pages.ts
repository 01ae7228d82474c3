import { LibraryBig, type LucideIcon, ScanSearch, Settings2, Target } from 'lucide-react';
import { type ComponentType, lazy } from 'react';

const found = import.meta.glob<Record<string, ComponentType>>('../pages/*/*-page.tsx');

type PageEntry = { readonly route: string; readonly label: string; readonly icon: LucideIcon };

const entries: readonly PageEntry[] = [
  { route: 'library', label: 'Library', icon: LibraryBig },
  { route: 'search', label: 'Search', icon: ScanSearch },
  { route: 'evaluate', label: 'Evaluate', icon: Target },
  { route: 'settings', label: 'Settings', icon: Settings2 },
];

/** The pages in the order of the rail. The code of `pages/<route>/<route>-page.tsx`, exported as `<Route>Page`, loads on the first visit. */
export const pages = entries.flatMap((entry) => {
  const { route, label } = entry;
  const load = found[`../pages/${route}/${route}-page.tsx`];
  if (!load) return [];
  const Page = lazy(async () => ({ default: (await load())[`${label}Page`] as ComponentType }));
  return [{ ...entry, Page }];
});
