import { describe, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { symptom } from '../../test/symptoms.ts';

describe('a dry run', () => {
  it('does nothing, and says what it would have done', async () => {
    expectRefusal(
      await meet(symptom('instance.unresponsive'), () => undefined, { dryRun: true }),
      /runs dry/,
    );
  });
});
