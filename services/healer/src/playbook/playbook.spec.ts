import { readFileSync } from 'node:fs';
import { REMEDIES, REMEDY_NAMES, type RemedyName, type Signal, signalRow } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing } from '../../test/symptoms.ts';
import { checkPlaybook, explainDecision, PLAYBOOK, type PlaybookRule, ruleFor } from './playbook.ts';

/** The playbook with its first row changed. */
const wrong = (change: Partial<PlaybookRule>): readonly PlaybookRule[] => {
  const [first, ...others] = PLAYBOOK;
  return [{ ...first!, ...change }, ...others];
};
const [firstRung] = PLAYBOOK[0]!.ladder;
const page = PLAYBOOK[0]!.ladder.at(-1)!;

describe('the playbook', () => {
  it('has exactly one row for every signal and kind of target, and asks only for what there is', () => {
    expect(() => checkPlaybook(PLAYBOOK)).not.toThrow();
  });

  it.each<[string, readonly PlaybookRule[], RegExp]>([
    ['an unknown signal', wrong({ signal: 'instance.bored' as Signal }), /no signal instance.bored/],
    ['a signal on a target that it is not about', wrong({ on: 'server' }), /is not about a server/],
    [
      'an unknown remedy',
      wrong({ ladder: [{ ...firstRung!, remedy: 'platform.pray' as RemedyName }, page] }),
      /no remedy platform.pray/,
    ],
    [
      'a remedy for another kind of target',
      PLAYBOOK.map((rule) =>
        rule.on === 'server'
          ? { ...rule, ladder: [{ ...firstRung!, remedy: 'instance.clear-cache' as const }, page] }
          : rule,
      ),
      /instance.clear-cache cannot be applied to a server/,
    ],
    ['a ladder without a human at its end', wrong({ ladder: [firstRung!] }), /end with page-human/],
    ['a ladder that goes on after the human', wrong({ ladder: [page, page] }), /end with page-human/],
    [
      'a remedy that no row reaches',
      PLAYBOOK.map((rule) => ({ ...rule, ladder: [page] })),
      /no row reaches the remedy instance.clear-cache/,
    ],
    ['a signal without a row', PLAYBOOK.slice(1), /has 0 rows/],
    ['a signal with two rows', [...PLAYBOOK, PLAYBOOK[0]!], /has 2 rows/],
  ])('is refused at start with %s', (_what, playbook, problem) => {
    expect(() => checkPlaybook(playbook)).toThrow(problem);
  });

  it('stands in the README as it is, and the remedies with their effects', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const proofOf = ({ on, signal }: PlaybookRule) =>
      signalRow(signal).proof === 'cleared' ? 'cleared' : on === 'server' ? 'own protocol' : 'both probes';
    const rows = PLAYBOOK.map((rule) => {
      const hold = rule.holdMs === 0 ? '-' : `${rule.holdMs / 1000} s`;
      const ladder = rule.ladder.map(({ remedy }) => remedy).join(' → ');
      return `| \`${rule.signal}\` | ${rule.on} | ${hold} | ${ladder} | ${proofOf(rule)} |`;
    });
    const remedies = REMEDY_NAMES.map((remedy) => {
      const { effect, targets, verb } = REMEDIES[remedy];
      const how = verb === null ? '-' : Object.entries(verb).map(([by, what]) => `${by}: ${what}`)[0];
      return `| \`${remedy}\` | ${effect} | ${targets.join(', ')} | ${how} |`;
    });
    for (const row of [...rows, ...remedies]) expect(readme).toContain(row);
  });

  it('waits with what may be the shadow of something else, and with nothing that is certain', () => {
    for (const { holdMs, signal } of PLAYBOOK)
      if (signalRow(signal).strength === 'hard') expect(holdMs).toBe(0);
    expect(ruleFor(PLAYBOOK, 'connections.lost', billing).holdMs).toBeGreaterThan(0);
  });

  it('cools a restart down for longer than its proof may take, so that it is not repeated blindly', () => {
    for (const { ladder } of PLAYBOOK)
      for (const { remedy, cooldownMs, verifyTimeoutMs } of ladder)
        if (remedy === 'platform.restart') expect(cooldownMs).toBeGreaterThanOrEqual(verifyTimeoutMs);
  });

  it('sends what it does not know to a human', () => {
    expect(ruleFor([], 'instance.stalled', billing)).toMatchObject({
      name: 'ask-human',
      ladder: [{ remedy: 'page-human' }],
    });
  });

  it('explains itself', () => {
    const rule = ruleFor(PLAYBOOK, 'instance.stalled', billing);
    expect(explainDecision(rule, billing)).toBe(
      'Rule restart-stalled-instance decided for billing: observe-only, then platform.replace, then platform.restart, then page-human; because a long computation ends by itself; an endless one ends only with the process.',
    );
  });
});
