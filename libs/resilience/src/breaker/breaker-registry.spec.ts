import { describe, expect, it } from '@jest/globals';
import { BreakerRegistry } from './breaker-registry.ts';

const fail = (registry: BreakerRegistry, name: string) => {
  for (let i = 0; i < 5; i++) registry.get(name)?.failed(false, new Error('away'));
};

describe('BreakerRegistry', () => {
  it('makes one breaker per name', () => {
    const registry = new BreakerRegistry();
    expect(registry.named('postgres')).toBe(registry.named('postgres'));
    expect(registry.all()).toHaveLength(1);
    expect(registry.get('redis')).toBeUndefined();
  });

  it('reports the transitions of all, also when one listener throws', () => {
    const registry = new BreakerRegistry();
    const seen: string[] = [];
    registry.onTransition(() => {
      throw new Error('mine');
    });
    const stop = registry.onTransition(({ breaker, to }) => seen.push(`${breaker} ${to}`));
    registry.named('postgres');
    fail(registry, 'postgres');
    stop();
    registry.get('postgres')?.force('auto', 'done');
    expect(seen).toEqual(['postgres open']);
  });

  it('half-opens the breakers of a dependency that was found healthy, and no others', () => {
    const registry = new BreakerRegistry();
    for (const name of ['postgres', 'postgres:billing.find', 'postgresql', 'redis']) {
      registry.named(name);
      fail(registry, name);
    }
    registry.dependencyHealthy('postgres');
    expect(registry.all().map(({ state }) => state)).toEqual(['half-open', 'half-open', 'open', 'open']);
  });

  it('adds a recovery to a breaker that had none', async () => {
    let recovered = 0;
    const registry = new BreakerRegistry();
    registry.named('postgres');
    registry.named('postgres', { recover: async () => void recovered++ });
    fail(registry, 'postgres');
    registry.dependencyHealthy('postgres');
    await registry.get('postgres')?.admit()?.ready;
    expect(recovered).toBe(1);
  });
});
