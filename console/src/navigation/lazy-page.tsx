import { type ComponentType, type ReactNode, use } from 'react';

type Load<P> = () => Promise<{ readonly default: ComponentType<P> }>;

const failed = new Set<() => void>();

/** Lets pages whose program could not be loaded be loaded anew. To be called when somebody tries again. */
export function forgetFailedPages(): void {
  for (const forget of failed) forget();
  failed.clear();
}

/** A page whose program is loaded when it is first shown, or before by `preload`. A failure goes to the boundary around it. */
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
