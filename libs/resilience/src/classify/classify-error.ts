import { type ErrorFacts, readFacts } from './error-facts.ts';
import { linksOf } from './error-links.ts';
import { extractCodes } from './extract-codes.ts';
import { inferDependency, resolveDependency } from './infer-dependency.ts';
import type { Classification, ErrorSource } from './kinds/classification.ts';
import { KIND_POLICY } from './kinds/policy.ts';
import { readPrintedCause } from './read-printed-cause.ts';
import { readWords } from './read-prose.ts';
import { type IndexedRule, RuleIndex } from './rule-index.ts';
import { RULE_TABLES } from './rules/index.ts';
import { Subject } from './subject.ts';

/** The strength of the evidence of a match. Stronger evidence wins; among equals the deeper cause wins. */
const EVIDENCE = { code: 5, name: 4, words: 3, status: 2, vague: 1, none: 0 } as const;
type Evidence = keyof typeof EVIDENCE;

const CONFIDENCE: Readonly<Record<Evidence, number>> = {
  code: 0.95,
  name: 0.9,
  words: 0.85,
  status: 0.8,
  vague: 0.6,
  none: 0.1,
};

interface Match {
  readonly rule: IndexedRule | undefined;
  readonly evidence: Evidence;
  readonly dependency: ErrorSource | undefined;
}

const index = new RuleIndex(RULE_TABLES);

/**
 * Classifies a thrown value and advises a strategy. Codes have priority over class names, those over the
 * words of the message, those over a bare HTTP status. The error and everything it wraps (`cause`,
 * AggregateError, the driver's error) are examined: the strongest evidence wins, so a wrapper with a code of
 * its own wins over a cause without one, and among equals the deepest decides. An error that no rule matches
 * is `unknown` with ESCALATE, never a guess.
 *
 * @param error any thrown value, or the plain shape `{ name, code, message, stack, status, body }`
 * @param hint the dependency that was called; makes ambiguous codes ("503", "21408") unambiguous
 */
export function classify(error: unknown, hint?: { dependency?: string | undefined }): Classification {
  try {
    return verdictOf(bestMatch(error, resolveDependency(hint?.dependency)));
  } catch {
    // A value that throws when it is read: nothing can be known about it.
    return UNKNOWN;
  }
}

function bestMatch(error: unknown, hinted: ErrorSource | undefined): Match {
  let best = matchOne(readFacts(error), hinted);
  if (best.evidence !== 'code' || hasLinks(error)) {
    for (const link of linksOf(error)) {
      const match = matchOne(readFacts(link), hinted ?? best.dependency);
      if (EVIDENCE[match.evidence] > 0 && EVIDENCE[match.evidence] >= EVIDENCE[best.evidence])
        best = explains(best, match) ? best : match;
    }
  }
  if (EVIDENCE[best.evidence] <= EVIDENCE.vague) {
    const printed = readPrintedCause(error);
    if (printed) {
      const match = matchOne(readFacts(printed), hinted ?? best.dependency);
      if (EVIDENCE[match.evidence] >= EVIDENCE[best.evidence] && match.rule) best = match;
    }
  }
  return best;
}

/**
 * When a connection was given up after a timeout, its loss beneath is a consequence: the wrapper has the
 * reason.
 */
const explains = (outer: Match, inner: Match): boolean =>
  outer.evidence === 'words' &&
  inner.evidence === 'words' &&
  inner.rule?.kind === 'connection_lost' &&
  (outer.rule?.kind === 'timeout' || outer.rule?.kind === 'pool_exhausted');

/** Statuses with one meaning; 400, 403, 429, 500 and 503 have too many. */
const DECISIVE: ReadonlySet<number> = new Set([
  401, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 422, 423, 428, 431, 501, 502, 504,
  505, 507, 520, 521, 522, 523, 524, 525, 526, 530,
]);
const NO_CODES: readonly string[] = [];

const hasLinks = (error: unknown): boolean => typeof error === 'object' && error !== null;

function verdictOf({ rule, evidence, dependency }: Match): Classification {
  if (!rule) return UNKNOWN;
  const policy = KIND_POLICY[rule.kind];
  return {
    kind: rule.kind,
    transient: rule.transient ?? policy.transient,
    strategy:
      rule.strategy ?? (dependency ? policy.byDependency?.[dependency] : undefined) ?? policy.strategy,
    confidence: rule.confidence ?? CONFIDENCE[evidence],
    why: rule.why,
    rule: rule.id,
  };
}

const UNKNOWN: Classification = Object.freeze({
  kind: 'unknown',
  transient: false,
  strategy: 'ESCALATE',
  confidence: CONFIDENCE.none,
  why: 'This error is unknown: a human must look at it.',
  rule: 'none',
});

function agrees(rule: IndexedRule, subject: Subject, dependency: ErrorSource | undefined): boolean {
  if (rule.dependencies && (dependency === undefined || !rule.dependencies.includes(dependency)))
    return false;
  if (rule.body && subject.facts.body?.shape !== rule.body) return false;
  if (rule.limited && !subject.facts.limited) return false;
  if (rule.loose && DECISIVE.has(subject.facts.status ?? 0)) return false;
  if (rule.text && !rule.text.test(subject.prose)) return false;
  if (rule.stack && !rule.stack.test(subject.facts.stack)) return false;
  return !rule.quoted || rule.quoted.test(subject.facts.message);
}

function firstAgreeing(
  rules: readonly IndexedRule[],
  subject: Subject,
  dependency: ErrorSource | undefined,
): IndexedRule | undefined {
  for (const rule of rules) if (agrees(rule, subject, dependency)) return rule;
  return undefined;
}

/** The best match for one error, without the errors it wraps. */
function matchOne(facts: ErrorFacts, hinted: ErrorSource | undefined): Match {
  const dependency = hinted ?? facts.dependency ?? inferDependency(facts.name, facts.stack);
  const subject = new Subject(facts, dependency);
  let vague: IndexedRule | undefined;

  const byCodes = (codes: readonly string[]): IndexedRule | undefined => {
    for (const code of codes) {
      const rule = firstAgreeing(rulesOfCode(code, dependency), subject, dependency);
      if (rule && !rule.vague) return rule;
      vague ??= rule;
    }
    return undefined;
  };

  const own = byCodes(facts.codes);
  if (own) return { rule: own, evidence: 'code', dependency };

  const named =
    facts.name === '' ? undefined : firstAgreeing(index.byName(facts.name, dependency), subject, dependency);
  if (named && !named.vague) return { rule: named, evidence: 'name', dependency };

  const printed = extractCodes(readWords(facts.message), facts.message, dependency);
  const said = byCodes(printed.codes) ?? byCodes(subject.embedded?.codes ?? NO_CODES);
  if (said) return { rule: said, evidence: 'code', dependency };

  if (facts.limited && facts.status === 403) {
    const limited = index.byStatus(403, undefined).find((rule) => rule.limited);
    if (limited) return { rule: limited, evidence: 'status', dependency };
  }

  let vagueWords: IndexedRule | undefined;
  for (const source of [dependency, 'any'] as const) {
    if (!source || subject.prose === '') continue;
    const rule = firstAgreeing(index.patternsOf(source), subject, dependency);
    if (rule && !rule.vague) return { rule, evidence: 'words', dependency };
    vagueWords ??= rule;
  }
  if (printed.enhanced) {
    const rule = firstAgreeing(index.byCode(printed.enhanced, dependency), subject, dependency);
    if (rule) return { rule, evidence: 'status', dependency };
  }
  const status = facts.status ?? printed.status ?? statusIn(facts.codes, dependency);
  if (status !== undefined) {
    // A mail API responds with an HTTP status; a mail server with a reply that its message repeats.
    const family =
      dependency === 'smtp' && printed.status === undefined && vague === undefined ? 'http' : dependency;
    const rule = firstAgreeing(index.byStatus(status, family), subject, dependency);
    if (rule) return { rule, evidence: 'status', dependency };
  }
  const rest = vagueWords ?? vague ?? named;
  return rest
    ? { rule: rest, evidence: 'vague', dependency }
    : { rule: undefined, evidence: 'none', dependency };
}

/** Rows of a code; a SQLSTATE without a row of its own is decided by its class. */
function rulesOfCode(code: string, dependency: ErrorSource | undefined): readonly IndexedRule[] {
  const rules = index.byCode(code, dependency);
  if (rules.length > 0 || code.length !== 5 || !/^[0-9A-Z]{5}$/.test(code)) return rules;
  if (dependency === 'postgres') return index.byCode(`class ${code.slice(0, 2)}`, dependency);
  // When nothing names PostgreSQL, only a code that mixes digits and letters is certainly a SQLSTATE.
  if (dependency === undefined || dependency === 'app')
    return /^(?=.*\d)/.test(code) ? index.byCode(code, 'postgres') : [];
  return rules;
}

/** A code such as "429", which some clients use instead of a status. */
function statusIn(codes: readonly string[], dependency: ErrorSource | undefined): number | undefined {
  if (dependency === 'nats') return undefined;
  for (const code of codes) if (/^[345]\d\d$/.test(code)) return Number(code);
  return undefined;
}
