import { describe, expect, it } from '@jest/globals';
import { capture } from '../../test/capture.ts';
import { RepeatShortener } from './shorten-repeats.ts';

describe('RepeatShortener', () => {
  it('reports an error in full, and its repeats within an hour briefly', () => {
    let now = 0;
    const shortener = new RepeatShortener(() => now);
    const first = capture();
    expect(shortener.shorten(first).error).toEqual(first.error);
    shortener.reported(first);
    const repeat = shortener.shorten(capture({ id: 'run-2' }));
    expect(repeat.error).toEqual({ ...first.error, message: `${'m'.repeat(300)}…`, stack: null });
    shortener.reported(capture({ id: 'run-2' }));
    now = 3_600_000;
    expect(shortener.shorten(capture({ id: 'run-3' })).error.stack).not.toBeNull();
  });

  it('does not count an unsent error as reported', () => {
    const shortener = new RepeatShortener();
    shortener.shorten(capture());
    expect(shortener.shorten(capture()).error.stack).not.toBeNull();
  });

  it('reports another error, and the same at another place, in full', () => {
    const shortener = new RepeatShortener();
    shortener.reported(capture());
    expect(shortener.shorten(capture({ fingerprint: 'f'.repeat(16) })).error.stack).not.toBeNull();
    expect(shortener.shorten(capture({ source: 'billing.postgres.transaction' })).error.stack).not.toBeNull();
  });

  it('sends no more steps than the contract allows', () => {
    const [step] = capture().steps;
    const steps = Array.from({ length: 30 }, () => step as NonNullable<typeof step>);
    expect(new RepeatShortener().shorten(capture({ steps })).steps).toHaveLength(20);
  });
});
