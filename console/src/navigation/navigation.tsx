import { type AnchorHTMLAttributes, createContext, type ReactNode, use, useEffect } from 'react';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';
import { shouldLoadWhole } from '../self-healing/stale-build.ts';
import { matchPage, type PageMatch } from './page-match.ts';

/** `usePathname` gives `/support`, `useSearch` gives `?status=open`, or an empty text. */
export { usePathname, useSearch };

/** Changes the page without reloading, unless the page's build is stale. `to` is a path of this origin. */
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

/** Goes to the address `to` as soon as this component is shown. */
export function Redirect({ to }: { readonly to: string }): null {
  useEffect(() => go(to, { replace: true }), [to]);
  return null;
}

export const MatchContext = createContext<PageMatch | null>(null);

/** The shown page, and the parameters of its address. */
export const usePageMatch = (): PageMatch | null => use(MatchContext);

/** One parameter of the address: `useParam('id')` on `/support/:id`. */
export function useParam(name: string): string {
  const value = usePageMatch()?.params[name];
  if (value === undefined) throw new TypeError(`the address of this page has no :${name}`);
  return value;
}

const preloads = new Map<string, () => void>();
/** Registers a function that loads a page's program before the page is opened. */
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

/**
 * A link to a page of the application; the page's program is loaded when the link is pointed at or focused.
 */
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
