import type { Platform } from '../platform/platform.ts';
import { describeFullest } from './describe-disks.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/** The end of every ladder. The mail itself belongs to the incident, which has exactly one. */
export class PageHumanRemedy implements Remedy {
  readonly name = 'page-human';

  constructor(private readonly platform: Pick<Platform, 'disks'>) {}

  async apply({ signal }: Pick<RemedyContext, 'signal'>): Promise<string> {
    const handed = 'The incident is handed to an admin.';
    if (signal !== 'disk.filling') return handed;
    // An admin has to decide what to delete; a platform that does not say what is there delays nothing.
    const space = await this.platform.disks().then(describeFullest, () => '');
    return space === '' ? handed : `${handed} ${space}.`;
  }
}
