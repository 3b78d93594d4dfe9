import type { Symptom } from '@gridworks/contracts';
import { currentContext, newTraceparent, withSpan } from '@gridworks/observability';

/**
 * Begins the trace of a symptom with the span `monitor.symptom` and returns its traceparent, which is sent
 * with every message about the symptom: the healer's spans are children of an exported span.
 */
export function openTrace({ signal, target }: Pick<Symptom, 'signal' | 'target'>): string {
  const attributes = { signal, target: target.process };
  return withSpan('monitor.symptom', attributes, () => currentContext()?.traceparent ?? newTraceparent());
}
