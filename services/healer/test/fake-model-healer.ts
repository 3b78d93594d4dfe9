import type { Bus } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { ModelAdvisor } from '../src/model/model-advisor.ts';
import { VerdictRepository } from '../src/model/verdict.repository.ts';
import { HealerFixture } from './healer-fixture.ts';
import { startHealerService } from './healer-service.ts';

export interface HealerWithModel {
  readonly fixture: HealerFixture;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly advisor: ModelAdvisor;
  readonly verdicts: VerdictRepository;
  busOf(service: ServiceName): Bus;
  stop(): Promise<void>;
}

/** The healer as a service, with servers of its own, and a model at this address. */
export async function startHealerWithModel(environment: Record<string, string>): Promise<HealerWithModel> {
  const [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
  const databaseUrl = await postgres.createServiceDatabase('healer');
  const service = await startHealerService(fixture, databaseUrl, environment);
  const buses: Partial<Record<ServiceName, Bus>> = {
    gateway: service.gateway,
    healer: service.bus,
    billing: await service.connect('billing'),
  };
  return {
    fixture,
    postgres,
    databaseUrl,
    advisor: service.get(ModelAdvisor),
    verdicts: service.get(VerdictRepository),
    busOf: (name) => buses[name] as Bus,
    stop: async () => {
      await service.stop();
      await fixture.stop();
      await postgres.stop();
    },
  };
}
