import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { readProse, readWords } from './read-prose.ts';

describe('readProse', () => {
  it.each([
    ['relation "users" does not exist', 'relation "" does not exist'],
    ["can't write, don't retry", "can't write, don't retry"],
    ["Duplicate entry 'a b' for key 'x'", 'Duplicate entry "" for key ""'],
    ["key 'it's mine' lost", 'key "" lost'],
    ['table `orders` is locked', 'table "" is locked'],
    ['403 {"message": "slow down"} sent', '403 {} sent'],
    ['got [{"a":"}"}] back', 'got {} back'],
    ['cut {"message": "socket hang', 'cut {}'],
    ['an open " stays', 'an open " stays'],
    ['placeholder {name} stays', 'placeholder {name} stays'],
    ['plain words', 'plain words'],
    ['{"message":"socket hang up"}', '{}'],
  ])('%s', (text, prose) => {
    expect(readProse(text)).toBe(prose);
  });

  it('takes linear time', () => {
    for (const piece of ['"', "'", '`', '{"', '["', "a'", '\\"', '{']) {
      const startedAt = performance.now();
      readProse(piece.repeat(100_000));
      expect(performance.now() - startedAt).toBeLessThan(allowedMs(500));
    }
  });
});

describe('readWords', () => {
  it.each([
    ["'Stale Connection'", 'Stale Connection'],
    ['`idle heartbeats missed`: 3', 'idle heartbeats missed: 3'],
    ['ticket "deadlock" lost', 'ticket "" lost'],
    ['403 {"message": "slow down"}', '403 {}'],
    ['plain words', 'plain words'],
  ])('%s', (text, words) => {
    expect(readWords(text)).toBe(words);
  });
});
