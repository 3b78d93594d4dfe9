import {
  type MutationOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { toastDone, toastFailed } from '../ui/toasts.tsx';

interface ActionOptions<T, V> {
  readonly run: (input: V) => Promise<T>;
  /** The toast after a success: `Key renamed`. */
  readonly done?: string;
  /**
   * The beginning of the toast after a failure: `The key was not renamed`. Left out where a form shows the
   * error itself.
   */
  readonly failed?: string;
  /** Queries that are out of date afterwards. */
  readonly refresh?: readonly (readonly unknown[])[];
  readonly onDone?: (result: T, input: V) => void;
}

/** An action of the user, with its outcome as a toast. */
export function useAction<T, V = void>(options: ActionOptions<T, V>): UseMutationResult<T, Error, V> {
  const client = useQueryClient();
  const { run, done, failed, refresh = [], onDone } = options;
  const mutation: MutationOptions<T, Error, V> = {
    mutationFn: run,
    onSuccess: (result, input) => {
      if (done) toastDone(done);
      onDone?.(result, input);
      for (const queryKey of refresh) void client.invalidateQueries({ queryKey });
    },
    onError: (error) => {
      if (failed) toastFailed(failed, error);
    },
  };
  return useMutation(mutation);
}
