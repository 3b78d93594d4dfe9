import type { SystemHealth } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { useClock } from '../ui/moment.tsx';
import { Age } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { FRESH_FOR_S } from './overall-sentence.ts';
import { componentName } from './words.ts';

type Check = SystemHealth['checks'][number];
type Instance = SystemHealth['instances'][number];

/** Every component with its state and the age of that state; a state older than three pulses is unknown. */
export function ServiceGrid({ health }: { readonly health: SystemHealth }): ReactNode {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-3 pt-1">
      {inOrder(health.checks).map((check) => (
        <li key={check.component} className="rounded-2 border border-line bg-sunken/40 p-3">
          <ComponentTile
            check={check}
            instances={health.instances}
            title={
              <h3 className="truncate font-semibold">
                <Link to={`/admin/healing/health/${check.component}`} className="text-text hover:underline">
                  {wholeName(check.component)}
                </Link>
              </h3>
            }
          />
        </li>
      ))}
    </ul>
  );
}

interface ComponentTileProps {
  readonly check: Check;
  readonly instances: readonly Instance[];
  readonly title?: ReactNode;
}

/** How one component is now, with the age of it. */
export function ComponentTile({ check, instances, title }: ComponentTileProps): ReactNode {
  const isFresh = (useClock() - Date.parse(check.observed_at)) / 1000 <= FRESH_FOR_S;
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        {title}
        <StatusMark status={isFresh ? check.status : 'unknown'} />
      </div>
      <p className="mt-1 text-xs text-faint">
        <Age at={check.observed_at} freshForS={FRESH_FOR_S} />
        {check.latency_ms !== null && ` · ${check.latency_ms.toFixed(1)} ms`}
      </p>
      {check.detail && <p className="mt-1 text-sm break-words text-muted">{check.detail}</p>}
      {instancesOf(check, instances).map((instance) => (
        <Pulse key={instance.instance} instance={instance} />
      ))}
    </>
  );
}

/** The gateway is a service and also a public address; this function tells the two apart. */
export const wholeName = (component: string): string =>
  component.startsWith('http:') ? `${componentName(component)} over HTTP` : componentName(component);

/** Services first, then the servers that they depend on, by name, so that a tile keeps its place. */
const inOrder = (checks: readonly Check[]): readonly Check[] =>
  checks.toSorted(
    (left, right) =>
      Number(left.component.startsWith('server:')) - Number(right.component.startsWith('server:')) ||
      componentName(left.component).localeCompare(componentName(right.component)),
  );

const instancesOf = (check: Check, instances: readonly Instance[]): readonly Instance[] =>
  check.component.startsWith('service:') || !check.component.includes(':')
    ? instances.filter(({ instance }) => instance === componentName(check.component))
    : [];

const MIB = 1024 * 1024;

function Pulse({ instance }: { readonly instance: Instance }): ReactNode {
  const { requests_per_second: requests, errors_per_second: errors } = instance;
  return (
    <>
      <dl className="mt-2 grid grid-cols-2 gap-x-3 gap-y-0.5 text-xs">
        <Figure name="requests" value={`${requests.toFixed(1)}/s`} />
        <Figure name="errors" value={`${errors.toFixed(1)}/s`} />
        <Figure name="loop lag" value={`${instance.event_loop_lag_ms.toFixed(0)} ms`} />
        <Figure name="memory" value={`${Math.round(instance.resident_bytes / MIB)} MiB`} />
      </dl>
      {instance.degraded.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-1">
          {instance.degraded.map((what) => (
            <Tag key={what}>{what}</Tag>
          ))}
        </p>
      )}
    </>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div className="flex justify-between gap-2">
      <dt className="text-faint">{name}</dt>
      <dd className="tabular-nums">{value}</dd>
    </div>
  );
}
