import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@gridworks/runtime';
import { z } from 'zod';
import { incidentRecordSchema } from '../incidents/incident-record.ts';

const stateSchema = z.object({
  /** Epoch ms of the last act on NATS; the cooldown holds across restarts. */
  last_act_at: z.number(),
  /** The incident that could not be stored in the bus yet, with its intent. */
  record: incidentRecordSchema.nullable(),
  /** Its mail was sent without a claim, because the bus was away for too long. */
  mailed: z.boolean(),
});
export type WatchdogState = z.output<typeof stateSchema>;
export const EMPTY_STATE: WatchdogState = { last_act_at: 0, record: null, mailed: false };

/** Where the bus watchdog writes its intent while NATS, where all other intents are, is the patient. */
export class WatchdogFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'bus-watchdog.json');
  }

  /** What was written last; empty when there is nothing or it cannot be read. */
  async read(): Promise<WatchdogState> {
    try {
      return stateSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return EMPTY_STATE;
    }
  }

  /** Resolves when it is on the disk: a crash right after must find it. */
  async write(state: WatchdogState): Promise<void> {
    await replaceFile(this.#path, JSON.stringify(state));
  }
}
