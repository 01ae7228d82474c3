import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useState } from 'react';
import { HashRouter } from 'react-router';
import { createEngine } from '../state/engine';
import { createStores, StoresContext } from '../state/stores';
import { theme } from '../ui/theme';
import { AppRoutes } from './app-routes';
import { ErrorBoundary } from './error-boundary';
import { spawnWorkers } from './spawn-workers';

const colorScheme = localStorageColorSchemeManager({ key: 'reelmatch-colour-scheme' });

export function App() {
  const [stores] = useState(() => createStores(createEngine(spawnWorkers)));
  return (
    <MantineProvider theme={theme} colorSchemeManager={colorScheme} defaultColorScheme="auto">
      <ErrorBoundary>
        <StoresContext value={stores}>
          <HashRouter>
            <AppRoutes />
          </HashRouter>
        </StoresContext>
      </ErrorBoundary>
      <Notifications position="bottom-right" />
    </MantineProvider>
  );
}
