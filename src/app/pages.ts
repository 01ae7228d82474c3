import {
  CopyCheck,
  GraduationCap,
  LibraryBig,
  type LucideIcon,
  Map as MapIcon,
  ScanSearch,
  Settings2,
  Target,
} from 'lucide-react';
import { type ComponentType, lazy } from 'react';

type Page = {
  readonly route: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly Page: ComponentType;
};

/** Reached from a video, and not in the rail. */
export const videoPages: readonly Pick<Page, 'route' | 'label' | 'Page'>[] = [
  {
    route: 'shots',
    label: 'Shots',
    Page: lazy(async () => ({ default: (await import('../pages/shots/shots-page')).ShotsPage })),
  },
];

/** The pages in the order of the rail. The code of each loads with the first visit. */
export const pages: readonly Page[] = [
  {
    route: 'library',
    label: 'Library',
    icon: LibraryBig,
    Page: lazy(async () => ({ default: (await import('../pages/library/library-page')).LibraryPage })),
  },
  {
    route: 'search',
    label: 'Search',
    icon: ScanSearch,
    Page: lazy(async () => ({ default: (await import('../pages/search/search-page')).SearchPage })),
  },
  {
    route: 'duplicates',
    label: 'Duplicates',
    icon: CopyCheck,
    Page: lazy(async () => ({ default: (await import('../pages/duplicates/duplicates-page')).DuplicatesPage })),
  },
  {
    route: 'evaluate',
    label: 'Evaluate',
    icon: Target,
    Page: lazy(async () => ({ default: (await import('../pages/evaluate/evaluate-page')).EvaluatePage })),
  },
  {
    route: 'classify',
    label: 'Classify',
    icon: GraduationCap,
    Page: lazy(async () => ({ default: (await import('../pages/classify/classify-page')).ClassifyPage })),
  },
  {
    route: 'map',
    label: 'Map',
    icon: MapIcon,
    Page: lazy(async () => ({ default: (await import('../pages/map/map-page')).MapPage })),
  },
  {
    route: 'settings',
    label: 'Settings',
    icon: Settings2,
    Page: lazy(async () => ({ default: (await import('../pages/settings/settings-page')).SettingsPage })),
  },
];
