import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { filledMembers } from './contract/http-face.ts';
import { PUBLIC_REQUESTS } from './registry.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minLength?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
type Path = readonly (string | number)[];
interface Text {
  readonly path: Path;
  /** A text that the input accepts. */
  readonly good: string;
}

function goodText({ examples, default: usual, format, minLength = 1 }: Schema): string {
  if (format === 'date') return '2026-11-01';
  if (format === 'date-time') return '2026-11-01T00:00:00Z';
  return String(examples?.[0] ?? usual ?? 'a'.repeat(minLength));
}

/** Every text of an input. */
function* textsIn(schema: Schema, path: Path = []): Generator<Text> {
  if (schema.type === 'string' && !schema.enum && schema.const === undefined)
    yield { path, good: goodText(schema) };
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    yield* textsIn(member, [...path, name]);
  if (schema.items) yield* textsIn(schema.items, [...path, 0]);
  for (const alternative of schema.anyOf ?? []) yield* textsIn(alternative, path);
}

/** An input with this text alone. */
const inputWith = (path: Path, text: string): unknown =>
  path.reduceRight<unknown>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), text);

const texts = PUBLIC_REQUESTS.flatMap((contract) =>
  [...textsIn(z.toJSONSchema(contract.input, { io: 'input' }) as Schema)]
    .filter(({ path }) => !filledMembers(contract.http).includes(String(path[0])))
    .map(({ path, good }) => ({ contract, path, good, name: `${contract.subject} ${path.join('/')}` })),
);

describe('the texts of the public API', () => {
  it('are found', () => {
    expect(texts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'rpc.auth.session.create password',
        'rpc.support.ticket.open body',
        'rpc.healer.pause.create reason',
        'rpc.healer.breaker.set breaker',
      ]),
    );
  });

  it.each(texts)('$name has no half of a surrogate pair', ({ contract, path, good }) => {
    const problemsOf = (text: string) =>
      (contract.input.safeParse(inputWith(path, text)).error?.issues ?? []).filter(
        (issue) => issue.path.every((key, i) => key === path[i]) && issue.path.length > 0,
      );
    expect(problemsOf(good)).toEqual([]);
    for (const half of ['\ud800', '\udbff', '\udc00', '\ude00\ud83d'])
      expect(problemsOf(good + half)).not.toEqual([]);
  });
});
