import { type ComponentType, type ReactNode, use } from 'react';

type Load<P> = () => Promise<{ readonly default: ComponentType<P> }>;

const failed = new Set<() => void>();

/**
 * Forgets failed loads of page programs, so that they are loaded again. Call this when the user tries again.
 */
export function forgetFailedPages(): void {
  for (const forget of failed) forget();
  failed.clear();
}

/**
 * A page whose program is loaded when the page is first shown, or earlier by `preload`. The boundary around
 * the page shows a failure.
 */
export function lazyPage<P extends object>(
  load: Load<P>,
): { Page: (props: P) => ReactNode; preload: () => void } {
  let loading: ReturnType<Load<P>> | null = null;
  const forget = () => {
    loading = null;
  };
  const start = () => {
    loading ??= load();
    loading.catch(() => failed.add(forget));
    return loading;
  };
  return {
    // biome-ignore lint/correctness/noComponentHookFactories: called once for each page, when the program begins
    Page: (props) => {
      const { default: Component } = use(start());
      return <Component {...props} />;
    },
    preload: () => void start(),
  };
}
