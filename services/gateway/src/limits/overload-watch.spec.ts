import { describe, expect, it } from '@jest/globals';
import { OVERLOAD_TEXT, OverloadWatch } from './overload-watch.ts';

function setup() {
  const said: (string | null)[] = [];
  const clock = { now: 0 };
  const logged: string[] = [];
  const watch = new OverloadWatch({
    logger: { log: (event) => void logged.push(event) },
    onDegraded: (text) => said.push(text),
    now: () => clock.now,
  });
  const sample = (count: number, lateMs: number) => {
    for (let i = 0; i < count; i++) {
      clock.now += 50 + lateMs;
      watch.sample(lateMs);
    }
  };
  return { watch, said, logged, sample };
}

describe('the overload watch', () => {
  it('does not report overload after one long pause', () => {
    const { watch, said, sample } = setup();
    sample(1, 30_000);
    expect(watch.level).toBe('none');
    expect(said).toEqual([]);
  });

  it('refuses unknown callers while the event loop is late again and again, and accepts them when it is calm', () => {
    const { watch, sample } = setup();
    sample(20, 400);
    expect(watch.level).toBe('late');
    sample(2, 100);
    expect(watch.level).toBe('late');
    sample(10, 5);
    expect(watch.level).toBe('none');
  });

  it('refuses all callers while the event loop is very late, and known callers no longer than that', () => {
    const { watch, sample } = setup();
    sample(20, 2000);
    expect(watch.level).toBe('very-late');
    sample(1, 100);
    expect(watch.level).toBe('late');
  });

  it('reports overload once when it begins and once when it is over', () => {
    const { said, logged, sample } = setup();
    sample(20, 400);
    sample(50, 0);
    sample(20, 400);
    expect(said).toEqual([OVERLOAD_TEXT]);
    sample(200, 0);
    expect(said).toEqual([OVERLOAD_TEXT, null]);
    expect(logged).toEqual(['overload.began', 'overload.ended']);
  });

  it('counts a call refused by the in-flight bound as overload, though the event loop is calm', () => {
    const { watch, said, sample } = setup();
    watch.refused('in_flight');
    expect(watch.level).toBe('none');
    expect(said).toEqual([OVERLOAD_TEXT]);
    sample(200, 0);
    expect(said).toEqual([OVERLOAD_TEXT, null]);
  });
});
