import { describe, expect, it } from '@jest/globals';
import { judgeRetries, type TestRun } from './retries.ts';

const run = (name: string, invocations = 1, passed = true): TestRun => ({ name, passed, invocations });

describe('retries', () => {
  it('are none when every test passed at once', () => {
    expect(judgeRetries({}, [run('a')], {})).toEqual({
      history: {},
      line: 'Retries:     none',
      repeated: [],
    });
  });

  it('are counted and named; one alone repeats nothing', () => {
    const { history, line, repeated } = judgeRetries({}, [run('a'), run('b', 2)], {});
    expect(line).toBe('Retries:     1 passed only in the second run: b (1 in a row)');
    expect(history).toEqual({ b: 1 });
    expect(repeated).toEqual([]);
  });

  it('in two runs in a row are repeated, unless the test is known for it', () => {
    expect(judgeRetries({ b: 1 }, [run('b', 2)], {}).repeated).toEqual(['b']);
    expect(judgeRetries({ b: 1 }, [run('b', 2)], { b: 'issue: slow disk' }).repeated).toEqual([]);
  });

  it('are forgotten by a run without one, and kept over runs of other tests', () => {
    expect(judgeRetries({ a: 1, b: 1 }, [run('a')], {}).history).toEqual({ b: 1 });
  });

  it('of a test that failed in the end are not counted: it fails the run by itself', () => {
    expect(judgeRetries({}, [run('a', 2, false)], {})).toMatchObject({ history: {}, repeated: [] });
  });
});
