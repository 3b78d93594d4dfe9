import { REMEDIES, type RemedyName } from '@gridworks/contracts';
import { describeTrouble } from '../incidents/describe.ts';
import type { Platform } from '../platform/platform.ts';
import { describeBytes } from './describe-disks.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/** Remedies with which the platform makes room on its disks. */
export type DiskRemedyName = Extract<RemedyName, `disk.${string}`>;

/** What was done to the files, and that there were none, as sentences. */
const SENTENCES: Record<DiskRemedyName, { did: (files: string) => string; nothing: string }> = {
  'disk.remove-temporary-files': {
    did: (files) => `The platform deleted ${files} that an ended process had left`,
    nothing: 'no ended process had left a temporary file',
  },
  'disk.compress-logs': {
    did: (files) => `The platform compressed ${files} of logs`,
    nothing: 'no log is large enough to be compressed, or there is no space for an archive',
  },
  'disk.remove-old-logs': {
    did: (files) => `The platform deleted ${files} of old logs`,
    nothing: 'every archive of the logs is within what is kept',
  },
};

/** Has the platform make room on its disks, with files of its own that nobody needs. */
export class RelieveDiskRemedy implements Remedy {
  constructor(
    readonly name: DiskRemedyName,
    private readonly platform: Platform,
  ) {}

  /** Throws when there was nothing to make room with, so that the next rung follows at once. */
  async apply({ actionId, epoch, signal, target }: RemedyContext): Promise<string> {
    const operation = { operationId: actionId, epoch, reason: describeTrouble(signal, target) };
    const { files, freed_bytes } = await this.platform.relieveDisks(REMEDIES[this.name].verb.disk, operation);
    const { did, nothing } = SENTENCES[this.name];
    if (files === 0) throw new Error(nothing);
    return `${did(`${files} ${files === 1 ? 'file' : 'files'}`)}, which gave back ${describeBytes(freed_bytes)}.`;
  }
}
