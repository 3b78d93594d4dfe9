import type { Symptom } from '@gridworks/contracts';
import { currentContext, newTraceparent, withSpan } from '@gridworks/observability';

/**
 * Begins the trace of a symptom with the span `monitor.symptom` and returns its traceparent, which goes with all
 * that is told of the symptom: what the healer does hangs below a span that was exported.
 */
export function openTrace({ signal, target }: Pick<Symptom, 'signal' | 'target'>): string {
  const attributes = { signal, target: target.process };
  return withSpan('monitor.symptom', attributes, () => currentContext()?.traceparent ?? newTraceparent());
}
