import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One message in the local mail sink. */
export interface Mail {
  readonly file: string;
  readonly subject: string;
  readonly text: string;
}

/** Reads the messages in the local mail sink: one JSON file per message. */
export class MailFolder {
  readonly #folder: string;
  readonly #before: ReadonlySet<string>;
  readonly #read = new Map<string, Mail>();

  /** Counts only messages that arrive from now on. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#before = new Set(list(folder));
  }

  /** The healer's messages about incidents since then, oldest first. */
  aboutIncidents(): Mail[] {
    for (const file of list(this.#folder)) {
      if (this.#before.has(file) || this.#read.has(file)) continue;
      const mail = read(this.#folder, file);
      if (mail) this.#read.set(file, mail);
    }
    return [...this.#read.values()].filter(({ subject }) =>
      /\[(AUTO-RESOLVED|ACTION NEEDED)\]/.test(subject),
    );
  }

  /** The messages about one incident. */
  about(incident: { id: string; title: string }): Mail[] {
    return this.aboutIncidents().filter(
      ({ subject, text }) =>
        text.includes(incident.id) || subject.includes(incident.id) || subject.includes(incident.title),
    );
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch {
    return [];
  }
}

function read(folder: string, file: string): Mail | null {
  try {
    const message = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
    const text = JSON.stringify(message);
    return { file, subject: String(message.subject ?? ''), text };
  } catch {
    return null; // still being written: read at the next call
  }
}
