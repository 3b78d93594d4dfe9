import { type CapturedError, DEPENDENCIES, type Pause, type ServiceName } from '@gridworks/contracts';
import { LABEL_MEMORY_MS } from '../guards/pause.ts';

/**
 * Added to both ends of a label: clocks differ a little, and targets of an experiment need a moment to
 * recover.
 */
export const LABEL_GRACE_MS = 5000;

type Captured = Pick<CapturedError, 'dependency' | 'first_at' | 'last_at'>;

/**
 * Every service and server that may have caused an error: the service that caught it, the dependency that
 * failed, and everything which those depend on.
 */
export function possibleCauses(service: ServiceName, dependency: string | null): ReadonlySet<string> {
  const causes = new Set<string>([service]);
  const waiting = [dependency ?? service];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    causes.add(name);
    const { needs, uses } = DEPENDENCIES[name as ServiceName] ?? { needs: [], uses: [] };
    waiting.push(...[...needs, ...uses].filter((one) => !causes.has(one)));
  }
  return causes;
}

/**
 * Why these occurrences must not train: the reason of a label (a chaos run, maintenance, a deployment) whose
 * time and scope cover them, or that they are older than labels are remembered. Null when they may train.
 */
export function whyNotTrain(
  labels: readonly Pause[],
  service: ServiceName,
  captured: Captured,
  now: number,
): string | null {
  const [first, last] = [Date.parse(captured.first_at), Date.parse(captured.last_at)];
  // A label is deleted `LABEL_MEMORY_MS` after its end; only occurrences that began later can be judged.
  if (first < now - LABEL_MEMORY_MS + LABEL_GRACE_MS) return 'it is too old to know whether it was labelled';
  const causes = possibleCauses(service, captured.dependency);
  const label = labels.find(
    ({ effect, trains, scope, created_at, expires_at }) =>
      effect === 'label' &&
      !trains &&
      Date.parse(created_at) - LABEL_GRACE_MS <= last &&
      Date.parse(expires_at) + LABEL_GRACE_MS >= first &&
      (scope === 'all' || causes.has(/^(?:service|server):(.+)$/.exec(scope)?.[1] ?? '')),
  );
  return label ? `labelled: ${label.reason}` : null;
}
