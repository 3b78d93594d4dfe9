import type { Incident } from '@gridworks/contracts';

/**
 * Counts mails where they cannot be read, since SMTP_URL sends them to a server of yours: by the moment at which each
 * incident says that it was mailed (`mailed_at`, set once the server took the message). A second mail about the same
 * incident would not show.
 */
export class MailedIncidents {
  readonly #incidents: () => readonly Incident[];

  constructor(incidents: () => readonly Incident[]) {
    this.#incidents = incidents;
  }

  aboutIncidents(): readonly Incident[] {
    return this.#incidents().filter(({ mailed_at }) => mailed_at !== null);
  }

  about(incident: { id: string }): readonly Incident[] {
    return this.aboutIncidents().filter(({ id }) => id === incident.id);
  }
}
