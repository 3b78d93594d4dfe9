import type { ReactNode } from 'react';
import { lazyPage } from './navigation/lazy-page.tsx';
import { MatchContext, onPreload, Redirect, usePathname } from './navigation/navigation.tsx';
import { matchPage } from './navigation/page-match.ts';
import { PAGES } from './pages.ts';
import { AppFrame } from './shell/app-frame.tsx';
import { NotFound } from './shell/not-found.tsx';
import { PlainFrame } from './shell/plain-frame.tsx';

const FRAMES = { app: AppFrame, plain: PlainFrame } as const;
const programs = new Map(
  PAGES.map(({ path, load }) => {
    const program = lazyPage(load);
    onPreload(path, program.preload);
    return [path, program.Page] as const;
  }),
);

/** The page at the present address, in its frame. The frame stays when the page changes. */
export function Router(): ReactNode {
  const path = usePathname();
  // The address of the worker's copy of the application.
  if (path === '/app.html') return <Redirect to="/home" />;
  const match = matchPage(path);
  const Page = match && programs.get(match.page.path);
  if (!match || !Page) return <NotFound />;
  const Frame = FRAMES[match.page.frame];
  return (
    <MatchContext value={match}>
      <Frame>
        <Page key={match.page.path} />
      </Frame>
    </MatchContext>
  );
}
