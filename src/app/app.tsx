import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { HashRouter } from 'react-router';
import { createEngine } from '../state/engine';
import { createStores, StoresContext } from '../state/stores';
import { cssVariables, theme } from '../ui/theme';
import { AppRoutes } from './app-routes';
import { ErrorBoundary } from './error-boundary';
import classes from './shell.module.css';
import { spawnWorkers } from './spawn-workers';
import { start } from './start';

const colorScheme = localStorageColorSchemeManager({ key: 'reelmatch-colour-scheme' });
const stores = createStores(createEngine(spawnWorkers));
void start(stores);

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <ErrorBoundary>
        <StoresContext value={stores}>
          <HashRouter>
            <AppRoutes />
          </HashRouter>
        </StoresContext>
      </ErrorBoundary>
      <Notifications position="bottom-right" className={classes.messages} />
    </MantineProvider>
  );
}
