import { afterAll, jest } from '@jest/globals';

// Real servers are killed and frozen while other tests share the machine. A test that fails runs once more, before the tests
// after it change what it begins with, and the first failure is shown: it is a bug to be mended, not one to hold up everybody. infra/local/src/commands/retry-reporter.ts
// counts them, and fails CI on a test that needs it twice in a row of runs.
jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });

// A worker whose Jest was killed would go on with its spec, and its servers with it. It ends, and they with it (`endWithTest()`).
// It asks for the process: Jest gives specs a copy of `process`, whose `ppid` stays as it was.
const startedBy = process.ppid;
const watch = setInterval(() => {
  try {
    process.kill(startedBy, 0);
  } catch (error) {
    if (error.code === 'ESRCH') process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
// In jsdom a timer is a number, which keeps no process alive.
watch.unref?.();
afterAll(() => clearInterval(watch));
