import type { CheckRun, CheckStateName, ServiceName } from '@gridworks/contracts';
import type { Condition } from '../symptoms/condition.ts';
import type { Judgement } from './check-record.ts';
import type { EffectiveCheck } from './effective-check.ts';

/** What is known of a check at one moment. */
export interface CheckFacts {
  readonly check: Pick<EffectiveCheck, 'name' | 'type' | 'enabled' | 'muted_until' | 'can_be_muted'>;
  readonly configured: boolean;
  readonly judgement: Judgement;
  /** When the judgement last changed, epoch ms. */
  readonly since: number;
  readonly last: CheckRun | null;
  /** The checks that explain a failure of it. */
  readonly silencedBy: readonly string[];
}

/** With fewer external checks their common failure says nothing about monitor. */
const MIN_EXTERNAL = 2;
/** The own servers: while one of them fails, it is not the way out that is broken. */
const INTERNAL: readonly string[] = ['postgres', 'redis', 'nats'];

/**
 * Whether monitor itself is offline: the last run of every external check failed, while all own servers respond.
 * One way out serves all external services, so that their common failure is more likely ours.
 */
export function isOffline(checks: readonly CheckFacts[]): boolean {
  const external = checks.filter(
    ({ check, configured }) => check.type === 'external' && configured && check.enabled,
  );
  const internal = checks.filter(({ check }) => INTERNAL.includes(check.name));
  return (
    external.length >= MIN_EXTERNAL &&
    external.every(({ last }) => last?.passed === false) &&
    internal.every(({ last }) => last?.passed === true)
  );
}

/** The state to show. Only a check that ran and found all well is `passing`. */
export function stateOf({ check, ...facts }: CheckFacts, offline: boolean, now: number): CheckStateName {
  if (!facts.configured) return 'not_configured';
  if (!check.enabled) return 'disabled';
  if (check.muted_until !== null && Date.parse(check.muted_until) > now) return 'muted';
  const explained = facts.silencedBy.length > 0 || (offline && check.type === 'external');
  // A check that healing relies on runs all the same, and a run that passed is proof enough.
  if (explained && (check.can_be_muted || facts.last?.passed !== true)) return 'silenced';
  return facts.judgement;
}

const STEP_OWNERS: Record<NonNullable<CheckRun['step']>, ServiceName> = {
  login: 'auth',
  call: 'gateway',
  count: 'billing',
};

/**
 * The faults that checks find and nothing else does: one condition for all external services, one for each service
 * that fails the synthetic partner. A business check that was confirmed before a server failed stays reported.
 */
export function judgeChecks(checks: readonly CheckFacts[], now: number): Condition[] {
  const offline = isOffline(checks);
  const failing = checks.filter(
    (facts) =>
      facts.judgement === 'failing' && ['failing', 'silenced'].includes(stateOf(facts, offline, now)),
  );
  const external = offline ? [] : failing.filter(({ check }) => check.type === 'external');
  return [
    ...(external.length > 0 ? [externalCondition(external)] : []),
    ...failing
      .filter(({ check }) => check.type === 'business' && check.name !== 'reconciliation')
      .map(businessCondition),
    ...failing.filter(({ check }) => check.name === 'reconciliation').map(differenceCondition),
    ...failing.filter(({ check }) => check.name === 'postgres-integrity').map(damageCondition),
  ];
}

/** The healer uses all of them, and one incident is enough. */
function externalCondition(failing: readonly CheckFacts[]): Condition {
  const [first] = failing.toSorted((one, other) => one.since - other.since) as [CheckFacts];
  return {
    signal: 'external.unresponsive',
    target: { kind: 'service', name: 'healer', process: 'healer' },
    beganAt: first.since,
    suspects: [],
    evidence: {
      checks: failing.map(({ check }) => check.name),
      error: failing.map(({ check, last }) => `${check.name}: ${last?.detail ?? 'fails'}`).join('; '),
    },
  };
}

/** The healer's page says what to do; the error names the index. */
function damageCondition({ last, since }: CheckFacts): Condition {
  return {
    signal: 'database.damaged',
    target: { kind: 'server', name: 'postgres', process: 'postgres' },
    beganAt: since,
    suspects: [],
    evidence: { error: last?.detail ?? 'an index is damaged' },
  };
}

/** The error names the first difference; the command in the mail names all. */
function differenceCondition({ last, since }: CheckFacts): Condition {
  return {
    signal: 'billing.differs',
    target: { kind: 'service', name: 'billing', process: 'billing' },
    beganAt: since,
    suspects: [],
    evidence: { error: last?.detail ?? 'figures of billing do not agree' },
  };
}

function businessCondition({ check, last, since }: CheckFacts): Condition {
  const step = last?.step ?? 'call';
  const owner = STEP_OWNERS[step];
  return {
    signal: 'business.failing',
    target: { kind: 'service', name: owner, process: owner },
    beganAt: since,
    suspects: [],
    evidence: { check: check.name, step, error: last?.detail ?? 'fails' },
  };
}
