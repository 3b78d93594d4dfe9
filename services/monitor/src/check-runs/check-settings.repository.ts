import { setTimeout as sleep } from 'node:timers/promises';
import { type Bucket, Bus } from '@gridworks/bus';
import {
  AppError,
  type CheckChange,
  type CheckSettings,
  checkChangeSchema,
  checkSettingsSchema,
  newId,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { type Logger, noteAct } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CheckChangeRepository } from './check-change.repository.ts';
import { CheckRunner } from './check-runner.ts';
import { effectiveCheck, settingsOf } from './effective-check.ts';

/** What an admin has changed, and the change that did it: whoever reads the settings can complete the audit trail. */
const storedSchema = z.object({ settings: checkSettingsSchema.partial(), change: checkChangeSchema });
type Stored = z.output<typeof storedSchema>;

/** The members of the settings that are to change; those of the threshold one by one. */
export type AskedSettings = Partial<Omit<CheckSettings, 'threshold'>> & {
  readonly threshold?: Partial<CheckSettings['threshold']>;
};

const ATTEMPTS = 5;
/** The audit row is usually written before the response, but a frozen PostgreSQL does not delay it longer. */
const AUDIT_FIRST_MS = 300;

/**
 * The settings of checks in the bucket `monitor_checks`, by name of the check. They are in use from there, so that
 * they survive a restart and do not need PostgreSQL; only the audit trail is in PostgreSQL.
 */
@Injectable()
export class CheckSettingsRepository {
  #bucket: Bucket<Stored> | undefined;
  #watch: { stop(): void } | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly runner: CheckRunner,
    private readonly changes: CheckChangeRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Uses the stored settings, and those that change, until `stop`. Throws while the bus is away. */
  async follow(): Promise<void> {
    const bucket = await this.#open();
    this.#watch ??= bucket.watch(({ key, value }) => {
      this.#use(key, value);
      // A monitor that ended right after the change may not have written it.
      if (value) void this.#keep(value.change);
    });
  }

  stop(): void {
    this.#watch?.stop();
  }

  /**
   * Changes the settings of a check, stored before they are used. A change without an effect is none. Returns false
   * for it. Throws `PLATFORM.UNAVAILABLE` while the bus is away.
   */
  async change(name: string, { threshold, ...asked }: AskedSettings, by: string): Promise<boolean> {
    const { row } = this.runner.entry(name);
    const bucket = await this.#open();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const entry = await bucket.get(name);
      const known = entry?.value.settings ?? {};
      const settings = {
        ...known,
        ...asked,
        ...(threshold && { threshold: { ...row.threshold, ...known.threshold, ...threshold } }),
      };
      const before = settingsOf(effectiveCheck(row, known));
      const after = settingsOf(effectiveCheck(row, settings));
      if (JSON.stringify(before) === JSON.stringify(after)) {
        noteAct({ isRepeat: true });
        return false;
      }
      const now = Date.now();
      const change: CheckChange = {
        ...{ object: 'check_change', id: newId('checkChange', now), check: name, changed_by: by },
        ...{ changed_at: new Date(now).toISOString(), before, after },
      };
      const value = { settings, change };
      const revision = entry
        ? await bucket.update(name, value, entry.revision)
        : await bucket.create(name, value);
      if (revision === null) continue; // somebody else was faster
      this.#use(name, value);
      noteAct({ before: { ...before }, after: { ...after } });
      this.logger.log('check.changed', { check: name, by, before, after });
      await Promise.race([this.#keep(change), sleep(AUDIT_FIRST_MS)]);
      return true;
    }
    throw new AppError(UNAVAILABLE, { detail: 'the check was changed by others at the same time' });
  }

  #use(name: string, value: Stored | null): void {
    const { changed_at: at, changed_by: by } = value?.change ?? {};
    this.runner.apply(name, value?.settings ?? {}, at && by ? { at, by } : null);
  }

  /** Without PostgreSQL and bus the change is still in the bucket, and written at the next start. */
  async #keep(change: CheckChange): Promise<void> {
    await this.changes.write(change).catch((error: unknown) => {
      this.logger.log('check_change.write_failed', { error, check: change.check });
    });
  }

  async #open(): Promise<Bucket<Stored>> {
    this.#bucket ??= await this.bus.bucket('monitor_checks', storedSchema);
    return this.#bucket;
  }
}
