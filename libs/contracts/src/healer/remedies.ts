import type { InstanceVerb } from '../instance/instance.contracts.ts';
import type { TargetKind } from '../monitor/signals.ts';

/**
 * The effect of a remedy on the users of the target. `disruptive`: takes the process away for a moment, so
 * only few run at once and the fleet breaker counts them. `gentle`: changes the process while it keeps
 * running. `none`: only waits for the target or the platform to act.
 */
export type RemedyEffect = 'disruptive' | 'gentle' | 'none';

/** What makes room on a disk: acts of the platform on its own files, which it knows by a closed table. */
export type DiskAct = 'remove-temporary-files' | 'compress-logs' | 'remove-old-logs';

/** Everything about a remedy, in one place. Guards, playbook checks, mails and documents read it. */
export interface RemedyRow {
  readonly effect: RemedyEffect;
  /**
   * The process ends by it, although nobody is cut off: the guards treat the remedy like a disruptive one. Every disruptive
   * remedy ends a process.
   */
  readonly endsProcess?: true;
  /** Kinds of targets it may be applied to. */
  readonly targets: readonly TargetKind[];
  /**
   * How the remedy is done: a control request to the instance, a call of the platform port about a process or about disks, or a function of the database. Null when
   * nothing is done: then no guard ever refuses it.
   */
  readonly verb:
    | { readonly instance: InstanceVerb }
    | { readonly platform: 'restart' | 'replace' | 'start' }
    | { readonly disk: DiskAct }
    | { readonly database: 'cancel' | 'terminate' }
    | null;
  /** The action in a mail, after the name of the target. */
  readonly phrase: string;
}

const BOTH = ['service', 'server'] as const;

/** The closed catalogue of remedies. No rule, pattern or model can do anything outside of it. */
export const REMEDIES = {
  /**
   * The platform starts a process that exited: wait for that, and start the process when the platform did
   * not.
   */
  'platform.ensure-running': {
    effect: 'none',
    targets: BOTH,
    verb: { platform: 'start' },
    phrase: 'made sure that the platform runs it again',
  },
  /** kill -9 the whole process tree, then start. */
  'platform.restart': {
    effect: 'disruptive',
    targets: BOTH,
    verb: { platform: 'restart' },
    phrase: 'restarted it (its whole process tree)',
  },
  /** Start a second process beside it, and have the first finish its work and end when the second is ready. */
  'platform.replace': {
    effect: 'gentle',
    endsProcess: true,
    targets: ['service'],
    verb: { platform: 'replace' },
    phrase: 'replaced it by a new process, which was ready before the old one ended',
  },
  'instance.reset-connections': {
    effect: 'gentle',
    targets: ['service'],
    verb: { instance: 'reset-connections' },
    phrase: 'had it drop and renew its connections',
  },
  'instance.clear-cache': {
    effect: 'gentle',
    targets: ['service'],
    verb: { instance: 'clear-cache' },
    phrase: 'had it clear its caches',
  },
  'instance.drain-and-exit': {
    effect: 'disruptive',
    targets: ['service'],
    verb: { instance: 'drain' },
    phrase: 'had it finish its work and exit, to be started again',
  },
  /** Cancels the running statement of the sessions that the symptom names; they stay connected. */
  'postgres.end-statement': {
    effect: 'gentle',
    targets: ['server'],
    verb: { database: 'cancel' },
    phrase: 'cancelled the statement of a session',
  },
  /** Ends the sessions that the symptom names; what they had not committed is rolled back. */
  'postgres.end-session': {
    effect: 'gentle',
    targets: ['server'],
    verb: { database: 'terminate' },
    phrase: 'ended a session, whose open transaction was rolled back',
  },
  /** Deletes temporary files of ours that no living process owns. */
  'disk.remove-temporary-files': {
    effect: 'gentle',
    targets: ['service'],
    verb: { disk: 'remove-temporary-files' },
    phrase: 'deleted temporary files of processes that had ended',
  },
  /** Rotates logs that are not due yet, into compressed archives. */
  'disk.compress-logs': {
    effect: 'gentle',
    targets: ['service'],
    verb: { disk: 'compress-logs' },
    phrase: 'compressed the logs',
  },
  /** Deletes the archives of logs that are beyond their number, age or total size. */
  'disk.remove-old-logs': {
    effect: 'gentle',
    targets: ['service'],
    verb: { disk: 'remove-old-logs' },
    phrase: 'deleted archives of logs that are not kept any more',
  },
  /** Only observes whether the target recovers without an action. */
  'observe-only': {
    effect: 'none',
    targets: BOTH,
    verb: null,
    phrase: 'observed its recovery without an action',
  },
  'page-human': { effect: 'none', targets: BOTH, verb: null, phrase: 'paged a human' },
} as const satisfies Record<string, RemedyRow>;

export type RemedyName = keyof typeof REMEDIES;
export const REMEDY_NAMES = Object.keys(REMEDIES) as readonly RemedyName[];

/**
 * The row of a remedy, in the type that all rows share; undefined for a name that is not in the catalogue.
 */
export const remedyRow = (remedy: string): RemedyRow | undefined =>
  Object.hasOwn(REMEDIES, remedy) ? REMEDIES[remedy as RemedyName] : undefined;
