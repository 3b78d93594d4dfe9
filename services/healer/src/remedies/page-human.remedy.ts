import type { Remedy } from './remedy.ts';

/** The end of every ladder. The mail itself belongs to the incident, which has exactly one. */
export class PageHumanRemedy implements Remedy {
  readonly name = 'page-human';

  async apply(): Promise<string> {
    return 'The incident is handed to an admin.';
  }
}
