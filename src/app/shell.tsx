import { useRef } from 'react';
import { NavLink, Outlet } from 'react-router';
import { pages } from './pages';
import classes from './shell.module.css';

/** Rail, top line and the page between them. */
export function Shell() {
  const page = useRef<HTMLElement>(null);
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
      <header className={classes.top} />
      <main ref={page} className={classes.page} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
