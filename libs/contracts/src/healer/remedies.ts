import type { InstanceVerb } from '../instance/instance.contracts.ts';
import type { TargetKind } from '../monitor/signals.ts';

/**
 * What a remedy does to those who use the target. `disruptive`: takes the process away for a moment, so only few run at
 * once and the fleet breaker counts them. `gentle`: changes something while it goes on. `none`: only waits for what the
 * target or the platform does by itself.
 */
export type RemedyEffect = 'disruptive' | 'gentle' | 'none';

/** Everything that is known of a remedy, in one place. Guards, playbook checks, mail and documents read it. */
export interface RemedyRow {
  readonly effect: RemedyEffect;
  /** Kinds of targets it may be applied to. */
  readonly targets: readonly TargetKind[];
  /**
   * How it is done: a control request to the instance, or a call of the platform port. Null when nothing is done: then no
   * guard ever refuses it.
   */
  readonly verb: { readonly instance: InstanceVerb } | { readonly platform: 'restart' | 'start' } | null;
  /** What was done, in a mail, after the name of the target. */
  readonly phrase: string;
}

const BOTH = ['service', 'server'] as const;

/** The closed catalogue of remedies. Nothing outside of it can be done by a rule, a pattern or a model. */
export const REMEDIES = {
  /** The platform starts what exited: wait for it, start it when the platform did not. */
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
    phrase: 'had it finish its work and exit, to be started anew',
  },
  /** Only watch whether it recovers by itself. */
  'observe-only': { effect: 'none', targets: BOTH, verb: null, phrase: 'watched it become well by itself' },
  'page-human': { effect: 'none', targets: BOTH, verb: null, phrase: 'called a human' },
} as const satisfies Record<string, RemedyRow>;

export type RemedyName = keyof typeof REMEDIES;
export const REMEDY_NAMES = Object.keys(REMEDIES) as readonly RemedyName[];

/** The row of a remedy, as the type that all rows share; undefined for a name that is not in the catalogue. */
export const remedyRow = (remedy: string): RemedyRow | undefined =>
  Object.hasOwn(REMEDIES, remedy) ? REMEDIES[remedy as RemedyName] : undefined;
