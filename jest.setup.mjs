import { jest } from '@jest/globals';

// Real servers are killed and frozen while other tests share the machine. A test that fails runs once more, and the
// first failure is shown: it is a bug to be mended, not one to hold up everybody. infra/local/src/commands/retry-reporter.ts
// counts them, and fails CI on a test that needs it twice in a row of runs.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
