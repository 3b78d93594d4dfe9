import { type Pulse, SERVICES } from '@gridworks/contracts';
import type { CheckOutcome, RunnableCheck } from '../checks/check-outcome.ts';
import { diskCheck } from '../checks/disk.check.ts';
import type { GatewayHttpCheck } from '../checks/processes/gateway-http.check.ts';
import { serviceCheck } from '../checks/processes/service.check.ts';
import { probeServer, probeStore, type ServerCheck } from '../checks/servers/server-check.ts';
import type { InstanceProbe } from '../pulses/tracked-instance.ts';
import type { Watch } from './watch.ts';

const STORE_CHECKS = { postgres: 'postgres-writes', nats: 'nats-store' } as const;

export interface CoreCheckSources {
  readonly watch: Watch;
  readonly servers: readonly ServerCheck[];
  readonly gatewayHttp: GatewayHttpCheck;
  readonly probe: (pulse: Pulse, timeoutMs: number) => Promise<InstanceProbe>;
  /** The result of a store check, after the watch has it. */
  readonly onStored: (server: ServerCheck) => void;
  readonly readEventLog: () => Promise<CheckOutcome>;
}

/** The checks whose results the watch judges as well. Each gives its result to the watch first. */
export function coreChecks(sources: CoreCheckSources): RunnableCheck[] {
  const { watch, servers, gatewayHttp, probe, readEventLog } = sources;
  const instances = () => watch.instances.all();
  return [
    ...servers.map((server) => ofServer(server, watch)),
    ...servers.flatMap((server) => ofStore(server, sources)),
    {
      name: 'gateway-http',
      configured: true,
      async attempt(timeoutMs) {
        const { error, latencyMs } = await gatewayHttp.probe(timeoutMs);
        watch.gatewayHttp.checked(error, latencyMs, Date.now());
        return { passed: error === null, responseMs: error === null ? latencyMs : null, detail: error };
      },
    },
    { name: 'event-log', configured: true, attempt: readEventLog },
    ...SERVICES.map((service) =>
      serviceCheck(service, { instances: () => watch.instances.of(service), probe }),
    ),
    diskCheck(instances),
  ];
}

function ofServer(server: ServerCheck, watch: Watch): RunnableCheck {
  return {
    name: server.name,
    configured: true,
    async attempt(timeoutMs) {
      const result = await probeServer(server, timeoutMs);
      watch.checked(server.name, result, Date.now());
      return result.ok
        ? { passed: true, responseMs: result.latencyMs, detail: null }
        : { passed: false, responseMs: null, detail: result.error };
    },
  };
}

function ofStore(server: ServerCheck, { watch, onStored }: CoreCheckSources): RunnableCheck[] {
  if (!server.store || server.name === 'redis') return [];
  return [
    {
      name: STORE_CHECKS[server.name],
      configured: true,
      async attempt(timeoutMs) {
        const started = performance.now();
        const error = await probeStore(server, timeoutMs);
        const responseMs = performance.now() - started;
        if (error === undefined)
          return { passed: false, responseMs: null, detail: 'it is not known whether it stores' };
        watch.stored(server.name, error, Date.now());
        onStored(server);
        return { passed: error === null, responseMs: error === null ? responseMs : null, detail: error };
      },
    },
  ];
}
