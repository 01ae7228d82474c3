import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { DropTargets } from './drop-targets';
import { pages, videoPages } from './pages';
import classes from './shell.module.css';
import { TopLine } from './top-line';
import { useWatching } from './use-watching';

const CommandPalette = lazy(async () => ({ default: (await import('./command-palette')).CommandPalette }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog')).ShortcutsDialog }));

/** Rail, top line and the page between them. */
export function Shell() {
  const page = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // Counts the openings: the code behind both loads with the first one.
  const [commands, setCommands] = useState(0);
  const [shortcuts, setShortcuts] = useState<boolean>();

  useWatching();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setCommands((count) => count + 1);
      } else if (event.key === '?' && !isTyping(event.target)) {
        event.preventDefault();
        setShortcuts(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    const label = [...pages, ...videoPages].find(({ route }) => pathname === `/${route}`)?.label;
    document.title = label ? `${label} · Reelmatch` : 'Reelmatch';
  }, [pathname]);

  return (
    <div className={classes.frame}>
      <button type="button" className={classes.skip} onClick={() => page.current?.focus()}>
        Skip to the page
      </button>
      <nav className={classes.rail} aria-label="Pages">
        <img className={classes.mark} src="./icon.svg" alt="" width={32} height={32} />
        {pages.map(({ route, label, icon: Icon }) => (
          <NavLink key={route} to={`/${route}`} className={classes.link ?? ''}>
            <Icon size={20} aria-hidden />
            {label}
          </NavLink>
        ))}
      </nav>
      <TopLine onShortcuts={() => setShortcuts(true)} onCommands={() => setCommands((count) => count + 1)} />
      <main ref={page} className={classes.page} tabIndex={-1}>
        <Outlet />
      </main>
      <DropTargets />
      <Suspense>
        {commands > 0 && <CommandPalette opening={commands} onShortcuts={() => setShortcuts(true)} />}
        {shortcuts !== undefined && <ShortcutsDialog opened={shortcuts} onClose={() => setShortcuts(false)} />}
      </Suspense>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
