import { describe, expect, it } from '@jest/globals';
import { judgeRetries, type TestRun } from './retries.ts';

const run = (name: string, invocations = 1, passed = true): TestRun => ({ name, passed, invocations });

describe('retries', () => {
  it('are none when every test passed in its first run', () => {
    expect(judgeRetries({}, [run('a')], {})).toEqual({
      history: {},
      line: 'Retries:     none',
      repeated: [],
    });
  });

  it('are counted and named; a single one is not a repetition', () => {
    const { history, line, repeated } = judgeRetries({}, [run('a'), run('b', 2)], {});
    expect(line).toBe('Retries:     1 passed only in the second run: b (1 in a row)');
    expect(history).toEqual({ b: 1 });
    expect(repeated).toEqual([]);
  });

  it('in two runs in a row are a repetition, unless the test is listed as known', () => {
    expect(judgeRetries({ b: 1 }, [run('b', 2)], {}).repeated).toEqual(['b']);
    expect(judgeRetries({ b: 1 }, [run('b', 2)], { b: 'issue: slow disk' }).repeated).toEqual([]);
  });

  it('are reset by a run without one, and kept over runs of other tests', () => {
    expect(judgeRetries({ a: 1, b: 1 }, [run('a')], {}).history).toEqual({ b: 1 });
  });

  it('of a test that failed in the end are not counted: the test fails the run anyway', () => {
    expect(judgeRetries({}, [run('a', 2, false)], {})).toMatchObject({ history: {}, repeated: [] });
  });
});
