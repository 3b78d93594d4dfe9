import { relative } from 'node:path';
import TestSequencer from '@jest/test-sequencer';
import { SLOW_SUITES } from './slow-suites.ts';

/** A suite, as Jest passes it. */
type Suite = Parameters<TestSequencer['sort']>[0][number];

/** Starts the slow suites first, so that no worker is idle while the last one runs. A fresh clone has no times of its own. */
export default class SlowestFirst extends TestSequencer {
  override async sort(suites: Suite[]): Promise<Suite[]> {
    const seconds = ({ path, context }: Suite) => SLOW_SUITES[relative(context.config.rootDir, path)] ?? 0;
    return (await super.sort(suites)).sort((one, other) => seconds(other) - seconds(one));
  }
}
