import { Component, type ErrorInfo, type ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
  /** What is shown in place of the broken part. `retry` renders the part again. */
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
  readonly onError?: (error: unknown, info: ErrorInfo) => void;
  /** A changed value renders the part again: the address of a page. */
  readonly resetKey?: string;
}

/** Keeps an error of one part from breaking the page. */
export class Boundary extends Component<
  BoundaryProps,
  { readonly error: unknown; readonly failed: boolean }
> {
  override state = { error: null as unknown, failed: false };

  static getDerivedStateFromError(error: unknown): { error: unknown; failed: boolean } {
    return { error, failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError?.(error, info);
    for (const listener of listeners) listener(error, info.componentStack ?? '');
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.retry();
  }

  readonly retry = (): void => this.setState({ error: null, failed: false });

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback(this.state.error, this.retry) : this.props.children;
  }
}

type Listener = (error: unknown, componentStack: string) => void;
const listeners = new Set<Listener>();

/** Registers a listener for every error that a boundary caught, for the reports. */
export const onCaughtError = (listener: Listener): void => {
  listeners.add(listener);
};
