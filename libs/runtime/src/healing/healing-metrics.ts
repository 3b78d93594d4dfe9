import { counter, gauge } from '@gridworks/observability';
import type { BreakerState } from '@gridworks/resilience';
import type { HealingRuntime } from './connect-healing.ts';

const STATES: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

/** Adds the figures of healing to `/metrics`: call sites, breakers, reports, repeats, queue. */
export function registerHealingMetrics(healing: HealingRuntime): void {
  const { environment, reporter, captures, queue, replays, patterns } = healing;
  const { budget } = environment;
  // Rendered first; reading this gauge updates the metrics with labels.
  gauge('self_healing_call_sites', 'Wrapped functions', [], () => {
    for (const update of updates) update();
    return environment.sites().length;
  });
  const site = ['source', 'category'];
  const calls = counter('self_healing_calls_total', 'Calls of wrapped functions', site);
  const failed = counter('self_healing_failed_attempts_total', 'Attempts that failed, repeats too', site);
  const healed = counter('self_healing_healed_total', 'Failed calls that ended with a value', site);
  const notHealed = counter('self_healing_not_healed_total', 'Failed calls whose error was thrown', site);
  const repeats = counter('self_healing_repeats_total', 'Repeats', site);
  const timedOut = counter('self_healing_timed_out_total', 'Attempts that were given up', site);
  const refused = counter('self_healing_refused_total', 'Calls refused by a guard', site);
  const inFlight = gauge('self_healing_in_flight', 'Attempts under way', site);
  const state = gauge('circuit_breaker_state', '0 closed, 1 half-open, 2 open', ['breaker']);
  const opened = counter('circuit_breaker_opened_total', 'Times that a breaker opened', ['breaker']);
  const totals: [ReturnType<typeof counter>, () => number][] = [
    [counter('error_captures_total', 'Errors that were caught and recorded'), () => reporter.captured],
    [counter('error_captures_dropped_total', 'Captures dropped: too many waited'), () => reporter.dropped],
    [counter('error_captures_deferred_total', 'Batches that had to wait'), () => captures.deferred],
    [counter('error_captures_invalid_total', 'Captures not of their contract'), () => captures.invalid],
    [counter('retry_budget_granted_total', 'Repeats granted'), () => budget.granted],
    [counter('retry_budget_refused_total', 'Repeats refused: the budget was spent'), () => budget.refused],
    [counter('queued_calls_total', 'Calls stored for later'), () => queue.queued],
    [counter('replayed_calls_total', 'Calls that were done later'), () => replays.replayed],
  ];
  gauge('error_captures_waiting', 'Captures that wait to be sent', [], () => reporter.waiting);
  gauge('retry_budget_available', 'Repeats that would be granted now', [], () => budget.available());
  gauge('healing_patterns', 'Errors for which a pattern decides', [], () => patterns.size);

  const updates = [
    () => {
      for (const stats of environment.sites()) {
        const labels = [stats.source, stats.category] as const;
        raise(calls.labels(...labels), stats.calls);
        raise(failed.labels(...labels), stats.failedAttempts);
        raise(healed.labels(...labels), stats.healed);
        raise(notHealed.labels(...labels), stats.notHealed);
        raise(repeats.labels(...labels), stats.repeats);
        raise(timedOut.labels(...labels), stats.timedOut);
        raise(refused.labels(...labels), stats.refused);
        inFlight.labels(...labels).set(stats.inFlight);
      }
    },
    () => {
      for (const breaker of environment.breakers.all()) {
        state.labels(breaker.name).set(STATES[breaker.state]);
        raise(opened.labels(breaker.name), breaker.toJSON().opened_total);
      }
    },
    () => {
      for (const [family, read] of totals) raise(family, read());
    },
  ];
}

/** Raises a counter to a total that is counted elsewhere. */
function raise(series: { inc(amount: number): void; value(): number }, total: number): void {
  series.inc(Math.max(0, total - series.value()));
}
