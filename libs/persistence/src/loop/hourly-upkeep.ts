import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Database } from '../database/database.ts';
import { WakeableLoop } from './wakeable-loop.ts';

const EVERY_MS = 3_600_000;

/** A provider that looks after the service's rows once an hour, from the moment when the schema is ready. */
export abstract class HourlyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #database: Database;
  readonly #loop: WakeableLoop;

  /** `onFailed` says what went wrong with a run. The next run tries again. */
  constructor(database: Database, onFailed: (error: unknown) => void) {
    this.#database = database;
    this.#loop = new WakeableLoop(async () => {
      await this.run(new Date()).catch(onFailed);
      return EVERY_MS;
    });
  }

  /** Does what is due at this moment. Other instances may do the same at the same time. */
  abstract run(now: Date): Promise<void>;

  onApplicationBootstrap(): void {
    void this.#database.whenReady().then(() => this.#loop.start());
  }

  /** Waits for the current run. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }
}
