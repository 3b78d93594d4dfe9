import type { Classification } from './kinds/classification.ts';
import type { CorpusLine } from './read-corpus.ts';

export interface Scored {
  readonly line: CorpusLine;
  readonly got: Classification;
}

interface Share {
  readonly right: number;
  readonly of: number;
}

const percent = ({ right, of }: Share) =>
  of === 0 ? '    -' : `${((100 * right) / of).toFixed(1).padStart(5)}%`;
const row = (label: string, share: Share) =>
  `${label.padEnd(28)}${`${share.right}/${share.of}`.padStart(9)}  ${percent(share)}`;
const share = (lines: readonly Scored[], right: (scored: Scored) => boolean): Share => ({
  right: lines.filter(right).length,
  of: lines.length,
});

const kindRight = ({ line, got }: Scored) => line.kind === got.kind;
const acceptable = ({ line, got }: Scored) => line.acceptable?.includes(got.strategy) ?? false;
const harmful = ({ line, got }: Scored) => line.harmful?.includes(got.strategy) ?? false;

/**
 * The table of `--score`: accuracy by kind, strategies that are acceptable and harmful, the same for tricky
 * errors, and every miss with the expected and the actual verdict. Lines without a label do not count.
 */
export function scoreTable(scored: readonly Scored[]): string {
  const labelled = scored.filter(({ line }) => line.kind !== undefined);
  const tricky = labelled.filter(({ line }) => line.tricky);
  const kinds = [...new Set(labelled.map(({ line }) => line.kind!))].sort();
  const out = [
    `${'kind'.padEnd(28)}${'right'.padStart(9)}  share`,
    ...kinds.map((kind) =>
      row(
        kind,
        share(
          labelled.filter(({ line }) => line.kind === kind),
          kindRight,
        ),
      ),
    ),
    '',
    row('kind, all', share(labelled, kindRight)),
    row('strategy acceptable', share(labelled, acceptable)),
    row('strategy harmful', share(labelled, harmful)),
    row('tricky: kind', share(tricky, kindRight)),
    row('tricky: strategy acceptable', share(tricky, acceptable)),
    row('tricky: strategy harmful', share(tricky, harmful)),
    row(
      'transient',
      share(labelled, ({ line, got }) => line.transient === got.transient),
    ),
  ];
  const misses = labelled.filter((one) => !kindRight(one) || !acceptable(one) || harmful(one));
  if (misses.length > 0) out.push('', 'misses');
  for (const one of misses) {
    const { line, got } = one;
    out.push(
      `  ${line.id} ${line.dependency ?? ''}: ${messageOf(line.error)}`,
      `    wanted ${line.kind}, ${line.acceptable?.join(' or ')}; got ${got.kind}, ${got.strategy}${harmful(one) ? ' (harmful)' : ''} by ${got.rule}`,
    );
  }
  return out.join('\n');
}

function messageOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return [name, code, message].filter(Boolean).join(' ').replace(/\s+/g, ' ').slice(0, 140);
}
