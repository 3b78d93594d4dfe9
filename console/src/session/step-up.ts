import { create } from 'zustand';
import { onSecondFactorMissing, onStepUpRequired } from '../api/portal.ts';
import { go } from '../navigation/navigation.tsx';

/** Callbacks of the calls that wait for a proof. */
let waiting: ((proved: boolean) => void)[] = [];

export const useStepUpDialog = create<{ readonly open: boolean }>(() => ({ open: false }));

/** Closes the dialog. Without a proof the waiting calls fail with their error. */
export function closeStepUpDialog(proved: boolean): void {
  const calls = waiting;
  waiting = [];
  useStepUpDialog.setState({ open: false });
  for (const resolve of calls) resolve(proved);
}

// All calls of a page that need a proof share one dialog.
onStepUpRequired(
  () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      useStepUpDialog.setState({ open: true });
    }),
);

// The only page that such an admin can use.
onSecondFactorMissing(() => go('/settings/security', { replace: true }));
