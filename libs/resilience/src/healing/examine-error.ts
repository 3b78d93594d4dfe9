import type { Classification, ErrorSource } from '../classify/kinds/classification.ts';
import type { FailureKind, HealingDecision } from '../common/healing-record.ts';
import { GuardError, type GuardErrorCode } from '../common/resilience.errors.ts';
import type { StrategyName } from '../common/strategy-name.ts';
import { errorIdentity } from './error-identity.ts';

export type Classify = (error: unknown, hint?: { dependency?: ErrorSource }) => Classification;
export type Fingerprint = (error: unknown, source?: string) => string;

/** A strategy that comes before the rules, and its origin. */
export interface KnownPattern {
  readonly strategy: StrategyName;
  /** `learned`: it has healed this error often enough. `model`: a verdict of a model that a human let be tried. */
  readonly origin: 'learned' | 'model';
}

/** The learned patterns. Filled from outside; a look-up must return at once, from memory. */
export interface PatternsPort {
  /** The pattern of this error, or null. */
  lookup(fingerprint: string): KnownPattern | null;
}

const MEMORY = 512;

const guardDecision = (
  kind: FailureKind,
  strategy: StrategyName,
  why: string,
): Omit<HealingDecision, 'fingerprint'> => ({
  kind,
  strategy,
  why,
  transient: true,
  confidence: 1,
  rule: `guard/${kind}`,
  decidedBy: 'rule',
});
const GUARD_DECISIONS: Record<GuardErrorCode, Omit<HealingDecision, 'fingerprint'>> = {
  'RESILIENCE.CIRCUIT_OPEN': guardDecision(
    'circuit_open',
    'SWITCH_API_ENDPOINT',
    'the breaker is open: the dependency failed too often recently and was not called',
  ),
  'RESILIENCE.BULKHEAD_FULL': guardDecision(
    'bulkhead_full',
    'RETRY_WITH_BACKOFF',
    'too many calls run and wait already; this one was not made',
  ),
  'RESILIENCE.RATE_LIMITED': guardDecision(
    'rate_limited',
    'RATE_LIMIT_BACKOFF',
    'our own rate limit was reached; nothing was sent',
  ),
  'RESILIENCE.DEADLINE_EXCEEDED': guardDecision('timeout', 'RETRY_WITH_BACKOFF', 'no response came in time'),
};

const UNKNOWN = { kind: 'unknown', transient: false, strategy: 'ESCALATE', confidence: 0 } as const;

/**
 * Examines an error of a call site once, and remembers the result by the error's identity. New errors are
 * examined at most `perSecond` times a second: in a storm of ever new errors the rest is skipped, and nothing
 * is done about an error that was not examined.
 */
export class ErrorExaminer {
  /** Errors that came too fast to be examined. */
  unexamined = 0;
  readonly #source: string;
  readonly #hint: { dependency?: ErrorSource };
  /** Spread over the second, so that the start of a storm does not block the event loop. */
  readonly #slotMs: number;
  readonly #perSlot: number;
  readonly #known = new Map<number, HealingDecision>();
  #slot = 0;
  #examined = 0;

  constructor(source: string, dependency: ErrorSource | undefined, perSecond: number) {
    this.#source = source;
    this.#hint = dependency === undefined ? {} : { dependency };
    this.#slotMs = perSecond >= 10 ? 100 : 1_000;
    this.#perSlot = Math.ceil((perSecond * this.#slotMs) / 1_000);
  }

  /** `now`: milliseconds since the epoch. Never throws. */
  examine(
    error: unknown,
    tools: { classify: Classify; fingerprint: Fingerprint; patterns: PatternsPort | null },
    now: number,
  ): HealingDecision {
    const identity = errorIdentity(error);
    let decision = this.#known.get(identity);
    if (decision === undefined) {
      if (!this.#mayExamine(now)) {
        this.unexamined++;
        return this.#unknown('storm', 'errors came faster than they can be examined');
      }
      decision = this.#examine(error, tools);
      if (!Number.isNaN(identity)) this.#remember(identity, decision);
    }
    return tools.patterns === null ? decision : this.#byPattern(decision, tools.patterns);
  }

  #mayExamine(now: number): boolean {
    const slot = Math.floor(now / this.#slotMs);
    if (slot !== this.#slot) {
      this.#slot = slot;
      this.#examined = 0;
    }
    return this.#examined++ < this.#perSlot;
  }

  #examine(error: unknown, tools: { classify: Classify; fingerprint: Fingerprint }): HealingDecision {
    if (error instanceof GuardError)
      return { ...GUARD_DECISIONS[error.code], fingerprint: `${error.code}@${error.source}` };
    try {
      const { kind, transient, strategy, confidence, why, rule } = tools.classify(error, this.#hint);
      const fingerprint = tools.fingerprint(error, this.#source);
      return {
        fingerprint,
        kind,
        transient,
        strategy,
        confidence,
        why,
        rule,
        decidedBy: kind === 'unknown' ? 'none' : 'rule',
      };
    } catch {
      return this.#unknown('unreadable', 'the error could not be read');
    }
  }

  #unknown(rule: string, why: string): HealingDecision {
    return { ...UNKNOWN, fingerprint: `${rule}@${this.#source}`, why, rule, decidedBy: 'none' };
  }

  #remember(identity: number, decision: HealingDecision): void {
    if (this.#known.size >= MEMORY) this.#known.delete(this.#known.keys().next().value as number);
    this.#known.set(identity, decision);
  }

  #byPattern(decision: HealingDecision, patterns: PatternsPort): HealingDecision {
    if (decision.rule.startsWith('guard/')) return decision;
    try {
      const pattern = patterns.lookup(decision.fingerprint);
      if (pattern === null) return decision;
      const { strategy, origin } = pattern;
      return {
        ...decision,
        strategy,
        decidedBy: origin === 'model' ? 'model' : 'pattern',
        why:
          origin === 'model'
            ? `a model advised ${strategy}, and a human let it be tried`
            : `${strategy} has healed this error often enough before`,
        rule: decision.fingerprint,
      };
    } catch {
      return decision;
    }
  }
}
