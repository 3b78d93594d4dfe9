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

/** Stores the watchdog's intent while NATS, which holds all other intents, is down. */
export class WatchdogFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'bus-watchdog.json');
  }

  /** The state as last written; empty when there is none or it cannot be read. */
  async read(): Promise<WatchdogState> {
    try {
      return stateSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return EMPTY_STATE;
    }
  }

  /** Resolves when the state is on the disk, so that it survives a crash right after. */
  async write(state: WatchdogState): Promise<void> {
    await replaceFile(this.#path, JSON.stringify(state));
  }
}
