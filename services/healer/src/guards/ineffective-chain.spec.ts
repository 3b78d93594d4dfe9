import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet, pause } from '../../test/guard-under-test.ts';
import type { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { openIncident } from '../incidents/incident.ts';
import { claimMail, mailSent } from '../incidents/incident-mail.ts';
import { resolve } from '../incidents/treatment.ts';

const limits = { chain: { limit: 3, windowMs: 600_000 } };

/** Incidents that were healed, so and so long ago (ms). */
async function earlier(
  { context }: ReturnType<SimulatedHealing['healer']>,
  ages: number[],
  more: { signal?: 'instance.unresponsive' | 'instance.stalled'; process?: string; experiment?: string } = {},
) {
  for (const age of ages) {
    const at = Date.now() - age;
    const when = new Date(at).toISOString();
    const target = { ...billing, process: more.process ?? 'billing' };
    const one = symptom(more.signal ?? 'instance.unresponsive', target, {
      began_at: when,
      observed_at: when,
    });
    const opened = openIncident(one, {
      now: at,
      holdUntil: null,
      traceparent: null,
      traceId: null,
      experiment: more.experiment ?? null,
    });
    const over = resolve(opened, 'well', at + 1000);
    await context.incidents.insert(mailSent(claimMail(over, 'resolved', 'healer#0', at), 1, at + 1100));
  }
}

describe('a chain of incidents of one cause', () => {
  it('is not healed for ever', async () => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      (_world, healer) => earlier(healer, [60_000, 120_000, 300_000]),
      limits,
    );
    expectRefusal(healed, /came 3 times before .* healing does not remove its cause/);
  });

  it.each([
    ['fewer', [60_000, 120_000], {}],
    ['older', [60_000, 120_000, 700_000], {}],
    ['of another signal', [60_000, 120_000, 300_000], { signal: 'instance.stalled' as const }],
    ['of another process', [60_000, 120_000, 300_000], { process: 'billing-2' }],
    ['of labelled experiments', [60_000, 120_000, 300_000], { experiment: 'service-freeze' }],
  ])('goes on when they are %s', async (_name, ages, more) => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      (_world, healer) => earlier(healer, ages, more),
      limits,
    );
    expect(healed.done).toEqual(['platform.restart']);
  });

  it('is not counted for an experiment, which is bound by everything else', async () => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      async (_world, healer) => {
        await earlier(healer, [60_000, 120_000, 300_000]);
        await healer.context.pauses.add(pause('all', { effect: 'label', reason: 'service-freeze' }));
      },
      limits,
    );
    expect(healed.done).toEqual(['platform.restart']);
  });
});
