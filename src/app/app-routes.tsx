import { Skeleton, Stack } from '@mantine/core';
import { Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { ErrorBoundary } from './error-boundary';
import { pages, videoPages } from './pages';
import { Shell } from './shell';

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        {[...pages, ...videoPages].map(({ route, Page }) => (
          <Route
            key={route}
            path={`/${route}`}
            element={
              <ErrorBoundary key={route}>
                <Suspense fallback={<PageSkeleton />}>
                  <Page />
                </Suspense>
              </ErrorBoundary>
            }
          />
        ))}
        <Route path="*" element={<Navigate to={`/${pages[0]?.route ?? ''}`} replace />} />
      </Route>
    </Routes>
  );
}

function PageSkeleton() {
  return (
    <Stack p="md" aria-hidden>
      <Skeleton h={36} maw={480} />
      <Skeleton h={240} />
    </Stack>
  );
}
