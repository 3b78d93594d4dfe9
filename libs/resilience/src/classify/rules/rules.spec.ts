import { describe, expect, it } from '@jest/globals';
import { classify } from '../classify-error.ts';
import { ADVICE, ERROR_KINDS, type ErrorSource } from '../kinds/classification.ts';
import { RULE_TABLES } from './index.ts';
import type { ClassifierRule, RuleTable } from './rule.ts';

/** The error of the row's own example, as its library throws it. */
function errorOf(rule: ClassifierRule): Record<string, unknown> {
  return {
    name: rule.names?.[0] ?? 'Error',
    message: rule.example,
    ...(rule.codes && !rule.names ? { code: rule.codes[0]!.replace('*', 'X') } : {}),
    ...(rule.status ? { status: rule.status[0] } : {}),
    ...(rule.body === 'html' ? { body: '<html><h1>Bad gateway</h1></html>' } : {}),
    ...(rule.limited ? { headers: { 'retry-after': '1' } } : {}),
    ...(rule.stack ? { stack: 'at parse (/app/node_modules/body-parser/lib/types/json.js:89:19)' } : {}),
  };
}

const dependencyOf = (table: RuleTable, rule: ClassifierRule): ErrorSource | undefined =>
  rule.dependencies?.[0] ?? (table.dependency === 'any' ? undefined : table.dependency);

const rows = RULE_TABLES.flatMap((table) =>
  table.rules.map((rule, at) => [`${table.name} ${at + 1}: ${rule.why}`, table, rule] as const),
);

describe('rule tables', () => {
  it.each(rows)('%s', (_title, table, rule) => {
    expect(ERROR_KINDS).toContain(rule.kind);
    if (rule.strategy) expect(ADVICE).toContain(rule.strategy);
    expect(rule.why).toMatch(/^\S.*\.$/s);
    expect(rule.source ?? table.source).not.toBe('');
    expect(rule.codes ?? rule.names ?? rule.status ?? rule.text).toBeDefined();
    const found = classify(errorOf(rule), { dependency: dependencyOf(table, rule) });
    // A class of SQLSTATE decides for codes that no row names; its example has none.
    if (!rule.codes?.[0]?.startsWith('class ')) expect(found.kind).toBe(rule.kind);
  });

  it('matches prose in lower case', () => {
    for (const [title, , rule] of rows) {
      const literal = rule.text?.source.replace(/\\[A-Za-z]|\(\?<?[=!:]|\[[^\]]*\]/g, '') ?? '';
      if (!rule.text?.flags.includes('i'))
        expect(`${title} ${literal.match(/[A-Z]/)?.[0] ?? ''}`).toBe(`${title} `);
    }
  });

  it('never advises a strategy that loses or invents data', () => {
    for (const [, table, rule] of rows) {
      const { strategy } = classify(errorOf(rule), { dependency: dependencyOf(table, rule) });
      expect(strategy).not.toBe('USE_DEFAULT_VALUE');
      if (table.name === 'stripe') expect(strategy).not.toBe('SKIP_OPERATION');
    }
  });

  it('keeps every pattern linear: 8 KB of anything in well under 20 ms', () => {
    const hostile = [
      'a',
      ' ',
      'x ',
      '1 ',
      'parameter ',
      'relation ',
      'exceeded your ',
      '(',
      '""',
      'the request ',
      'at . ',
    ];
    for (const [title, , rule] of rows) {
      for (const pattern of [rule.text, rule.quoted, rule.stack]) {
        if (!pattern) continue;
        for (const piece of hostile) {
          const text = piece.repeat(Math.ceil(8_192 / piece.length));
          // The best of three: on a busy machine one slow run does not mean a slow pattern.
          let took = Number.POSITIVE_INFINITY;
          for (let run = 0; run < 3 && took > 5; run++) {
            const startedAt = performance.now();
            pattern.test(text);
            took = Math.min(took, performance.now() - startedAt);
          }
          if (took > 20) throw new Error(`${title} took ${took} ms on ${piece}`);
        }
      }
    }
  });
});
