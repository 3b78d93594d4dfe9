import { Bus } from '@gridworks/bus';
import { createLogger } from '@gridworks/observability';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SIGNING_KEY } from '../../test/fake-instance.ts';
import { settingsFor } from '../../test/fake-model.ts';
import { actLedgerSchema } from '../guards/act.ts';
import { ActLedgerRepository } from '../guards/act-ledger.repository.ts';
import { PromptLedger, promptEntrySchema } from './prompt-ledger.ts';
import { SpendRepository } from './spend.repository.ts';
import { spendSchema } from './spend.ts';

const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });
const clock = () => Date.now();
const expected = { input: 100, output: 10 };

/** Against the real server: what holds between healers is its compare-and-set. */
describe('two healers that could ask the same model', () => {
  let nats: NatsServer;
  let buses: Bus[];
  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    buses = await Promise.all(
      ['healer', 'healer-2'].map((instance) =>
        Bus.connect({
          servers: nats.url,
          ...nats.credentials('healer'),
          service: 'healer',
          instance,
          signingKey: SIGNING_KEY,
          logger,
        }),
      ),
    );
  });
  afterAll(async () => {
    for (const bus of buses ?? []) await bus.close();
    await nats?.stop();
  });
  const ledgers = () =>
    Promise.all(
      buses.map(
        async (bus, n) =>
          new PromptLedger(await bus.bucket('healer_prompts', promptEntrySchema), `${n}`, clock),
      ),
    );
  const spends = (callsPerHour: number) => {
    const caps = { ...settingsFor('http://unused').caps, callsPerHour };
    return Promise.all(
      buses.map(
        async (bus) => new SpendRepository(await bus.bucket('healer_limits', spendSchema), caps, clock),
      ),
    );
  };

  it('never both get the question about one error', async () => {
    const both = await ledgers();
    const fingerprints = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(16, 'a'));
    const claims = await Promise.all(
      fingerprints.flatMap((fingerprint) => both.map((ledger) => ledger.claim(fingerprint))),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(40);
  });

  it('share what was put off, and neither gets it before its time', async () => {
    const [one, two] = (await ledgers()) as [PromptLedger, PromptLedger];
    const claim = await one.claim('put.off/with odd*signs');
    expect(claim).not.toBeNull();
    const until = (ms: number) => ({
      state: 'put-off' as const,
      again_at: new Date(Date.now() + ms).toISOString(),
    });
    await one.close(claim!, until(60_000));
    expect(await two.claim('put.off/with odd*signs')).toBeNull();
    const other = await one.claim('soon');
    await one.close(other!, until(-1));
    const again = await Promise.all([one, two, one, two].map((ledger) => ledger.claim('soon')));
    expect(again.filter((won) => won !== null)).toHaveLength(1);
  });

  it('share their caps, beside the acts of healing in the same bucket', async () => {
    const ledger = new ActLedgerRepository(await buses[0]!.bucket('healer_limits', actLedgerSchema), clock);
    await ledger.closeBreaker();
    const both = await spends(15);
    const charged = await Promise.all(
      Array.from({ length: 15 }, () => both.map((spend) => spend.charge(expected))).flat(),
    );
    expect(charged.filter((one) => !('cap' in one))).toHaveLength(15);
    expect(charged.filter((one) => 'cap' in one && one.cap === 'calls_per_hour')).toHaveLength(15);
    // A restart of NATS, and of the healers.
    await nats.restart();
    const later = (await spends(15))[1]!;
    await eventually(async () =>
      expect(await later.charge(expected)).toMatchObject({ cap: 'calls_per_hour' }),
    );
    await eventually(() => ledger.settle('inc', 'ended'));
  }, 30_000);
});
