import { type AnchorHTMLAttributes, createContext, type ReactNode, use, useEffect } from 'react';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';
import { shouldLoadWhole } from '../self-healing/stale-build.ts';
import { matchPage, type PageMatch } from './page-match.ts';

/** `usePathname` gives `/support`, `useSearch` gives `?status=open`, or an empty text. */
export { usePathname, useSearch };

/** Changes the page without loading it anew, unless the page is of a build that is gone. `to` is a path of this origin. */
export function go(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const { pathname } = new URL(to, location.href);
  if (!matchPage(pathname) || (pathname !== location.pathname && shouldLoadWhole())) {
    if (replace) location.replace(to);
    else location.assign(to);
    return;
  }
  const isOther = pathname !== location.pathname;
  navigate(to, { replace });
  if (isOther && !replace) scrollTo(0, 0);
}

/** Goes there as soon as it is shown. */
export function Redirect({ to }: { readonly to: string }): null {
  useEffect(() => go(to, { replace: true }), [to]);
  return null;
}

export const MatchContext = createContext<PageMatch | null>(null);

/** The page that is shown, and the parameters of its address. */
export const usePageMatch = (): PageMatch | null => use(MatchContext);

/** One parameter of the address: `useParam('id')` on `/support/:id`. */
export function useParam(name: string): string {
  const value = usePageMatch()?.params[name];
  if (value === undefined) throw new TypeError(`the address of this page has no :${name}`);
  return value;
}

const preloads = new Map<string, () => void>();
/** Registers how a page's program is loaded before it is opened. */
export const onPreload = (path: string, load: () => void): void => {
  preloads.set(path, load);
};
function preload(to: string): void {
  const match = matchPage(new URL(to, location.href).pathname);
  if (match) preloads.get(match.page.path)?.();
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: string;
  readonly children: ReactNode;
}

/** A link to a page of the application; its program is loaded when the link is pointed at or has the focus. */
export function Link({ to, onClick, ...rest }: LinkProps): ReactNode {
  return (
    <a
      {...rest}
      href={to}
      onPointerEnter={() => preload(to)}
      onFocus={() => preload(to)}
      onClick={(event) => {
        onClick?.(event);
        const isPlain =
          event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
        if (event.defaultPrevented || !isPlain || rest.target) return;
        event.preventDefault();
        go(to);
      }}
    />
  );
}
