import type { Layout } from '../files/layout.ts';
import type { LogRotation } from '../supervise/log-rotation.ts';
import { type DiskReport, reportDisks } from './disk-report.ts';
import { removeTemporaryFiles } from './temporary-files.ts';

/** What is deleted or made smaller when a disk is filling, gentlest first. Nothing else ever is. */
export const DISK_ACTS = ['remove-temporary-files', 'compress-logs', 'remove-old-logs'] as const;
export type DiskAct = (typeof DISK_ACTS)[number];

export interface ReliefOutcome {
  readonly files: number;
  readonly freed_bytes: number;
}

/** Smaller logs are not worth an archive. */
const LEAST_LOG_BYTES = 64 * 1024;

/** Makes room on the disks of the portal, with what belongs to it and nobody needs. */
export class DiskRelief {
  readonly #acts: Readonly<Record<DiskAct, () => Promise<ReliefOutcome>>>;
  readonly #layout: Layout;

  constructor(layout: Layout, rotation: LogRotation) {
    this.#layout = layout;
    this.#acts = {
      'remove-temporary-files': async () => sum(removeTemporaryFiles(layout).map(({ bytes }) => bytes)),
      'compress-logs': async () =>
        sum(
          (await rotation.rotateNow(LEAST_LOG_BYTES)).map(
            ({ logBytes, archiveBytes }) => logBytes - archiveBytes,
          ),
        ),
      'remove-old-logs': async () => sum(rotation.removeOld().map(({ bytes }) => bytes)),
    };
  }

  perform(act: DiskAct): Promise<ReliefOutcome> {
    return this.#acts[act]();
  }

  report(): Promise<DiskReport[]> {
    return reportDisks(this.#layout);
  }
}

const sum = (bytes: readonly number[]): ReliefOutcome => ({
  files: bytes.length,
  freed_bytes: bytes.reduce((total, one) => total + one, 0),
});
