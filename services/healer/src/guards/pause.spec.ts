import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet, pause } from '../../test/guard-under-test.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { labelOf, notPaused } from './pause.ts';

const frozen = () => symptom('instance.unresponsive');

describe('a pause', () => {
  it.each(['all', 'service:billing', 'remedy:platform.restart'])(
    'of %s keeps the remedy from being done',
    async (scope) => {
      const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(pause(scope)));
      expectRefusal(healed, /paused until .* by usr_test: a deploy/);
    },
  );

  it.each(['service:auth', 'server:postgres', 'remedy:instance.drain-and-exit'])(
    'of %s does not',
    async (scope) => {
      const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(pause(scope)));
      expect(healed.done).toEqual(['platform.restart']);
      expect(healed.incident.status).toBe('resolved');
    },
  );

  it('does not once it has expired, or was removed', async () => {
    const expired = pause('all', { expires_at: new Date(Date.now() - 1).toISOString() });
    const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(expired));
    expect(healed.done).toEqual(['platform.restart']);
    const removed = await meet(frozen(), async (_world, { context }) => {
      const { id } = await context.pauses.add(pause('all'));
      expect(await context.pauses.remove(id)).toMatchObject({ id });
      expect(await context.pauses.remove(id)).toBeNull();
    });
    expect(removed.done).toEqual(['platform.restart']);
  });

  it('that is only a label lets it be done, and marks the incident', async () => {
    const label = pause('service:billing', { effect: 'label', reason: 'service-freeze' });
    const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(label));
    expect(healed.done).toEqual(['platform.restart']);
    expect(healed.incident.experiment).toBe('service-freeze');
    expect(labelOf([label], { ...billing, name: 'auth' }, Date.now())).toBeNull();
  });

  it('ends at its very moment', () => {
    const one = pause('all');
    const act = { id: 'a', incidentId: 'i', rule: 'r', remedy: 'platform.restart' as const, target: billing };
    const end = Date.parse(one.expires_at);
    expect(notPaused(act, [one], end - 1).allowed).toBe(false);
    expect(notPaused(act, [one], end).allowed).toBe(true);
  });
});
