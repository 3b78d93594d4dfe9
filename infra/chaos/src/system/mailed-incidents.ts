import type { Incident } from '@gridworks/contracts';

/**
 * Counts mails that cannot be read, since SMTP_URL sends them to another server: by `mailed_at` of each
 * incident, which is set once the server accepted the message. A second mail about the same incident is not
 * detected.
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
