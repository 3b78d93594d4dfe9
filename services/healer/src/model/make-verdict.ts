import { type CapturedError, newId, type ServiceName, type Verdict } from '@gridworks/contracts';
import type { Opinion } from './read-reply.ts';
import { PROMPT_VERSION } from './system-prompt.ts';

/** Service and error come from the event, never from the model's reply. */
export function makeVerdict(
  service: ServiceName,
  captured: CapturedError,
  opinion: Opinion,
  now: number,
): Verdict {
  const at = new Date(now).toISOString();
  return {
    object: 'verdict',
    id: newId('verdict', now),
    fingerprint: captured.fingerprint,
    service,
    source: captured.source,
    root_cause: opinion.rootCause,
    kind: opinion.kind,
    strategy: opinion.strategy,
    confidence: opinion.confidence,
    evidence: [...opinion.evidence],
    model: opinion.model,
    prompt_version: PROMPT_VERSION,
    state: 'suggested',
    verified: 0,
    decided_by: null,
    created_at: at,
    updated_at: at,
  };
}
