import type { HealingAction, Incident } from '@gridworks/sdk';
import type { Status } from '../ui/status-mark.tsx';

/** How the status of an incident is shown. `escalated` waits for a human. */
export const INCIDENT_STATUS: Readonly<Record<Incident['status'], { status: Status; word: string }>> = {
  open: { status: 'fail', word: 'Open' },
  acting: { status: 'warn', word: 'Acting' },
  verifying: { status: 'warn', word: 'Verifying' },
  resolved: { status: 'pass', word: 'Resolved' },
  escalated: { status: 'fail', word: 'Needs a human' },
};

export const ACTION_STATE: Readonly<Record<HealingAction['state'], { status: Status; word: string }>> = {
  intended: { status: 'warn', word: 'Running' },
  done: { status: 'pass', word: 'Done' },
  failed: { status: 'fail', word: 'Failed' },
  unknown: { status: 'unknown', word: 'Unknown' },
  suggested: { status: 'warn', word: 'Suggested' },
};

/** The deciders in words. */
export const DECIDER = {
  pattern: 'learned pattern',
  rule: 'rule',
  playbook: 'playbook',
  model: 'model',
  human: 'human',
  none: 'nobody',
} as const;

export const deciderOf = (decider: keyof typeof DECIDER | null): string =>
  decider ? DECIDER[decider] : 'not decided';

/** `RETRY_WITH_BACKOFF` as `Retry with backoff`. */
export function strategyName(strategy: string): string {
  const words = strategy.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `service:billing`, `server:redis`, `http:gateway`: the component without its kind. */
export const componentName = (component: string): string => component.replace(/^[a-z]+:/, '');
