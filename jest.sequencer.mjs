import { relative } from 'node:path';
import TestSequencer from '@jest/test-sequencer';
import { SLOW_SUITES } from './infra/local/src/commands/slow-suites.ts';

/**
 * Starts the slow suites first, so that no worker is idle while the last one runs: a fresh clone has no times of its own.
 * Plain JavaScript, since the types of the base class are those of its CommonJS build.
 */
export default class SlowestFirst extends TestSequencer {
  async sort(suites) {
    const seconds = ({ path, context }) => SLOW_SUITES[relative(context.config.rootDir, path)] ?? 0;
    return (await super.sort(suites)).sort((one, other) => seconds(other) - seconds(one));
  }
}
