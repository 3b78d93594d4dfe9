import { type Bucket, Bus } from '@gridworks/bus';
import { pulseSchema, SERVERS, symptomSchema } from '@gridworks/contracts';
import { type Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Memory } from './watch.ts';

const instanceSchema = z.object({
  pulse: pulseSchema,
  seenAt: z.number(),
  leaving: z.boolean(),
  restart: z
    .object({ previousBoot: z.string(), previousPid: z.number(), beganAt: z.number(), times: z.number() })
    .nullable(),
  unresponsive: z.object({ beganAt: z.number(), evidence: z.record(z.string(), z.unknown()) }).nullable(),
});

const snapshotSchema = z.object({
  /** RFC 3339. */
  written_at: z.iso.datetime(),
  /** The boot of the bus when the snapshot was written. */
  bus_boot: z.string().nullable(),
  /**
   * Written as the last snapshot of a monitor that was stopped on purpose: changes meanwhile are no faults.
   */
  stopped: z.boolean(),
  instances: z.array(instanceSchema),
  boots: z.partialRecord(z.enum(SERVERS), z.string()),
  symptoms: z.array(z.object({ symptom: symptomSchema, traceparent: z.string() })),
});
type Snapshot = z.output<typeof snapshotSchema>;

const KEY = 'snapshot';
/** Older snapshots say nothing about now. */
const MEMORY_LASTS_MS = 60_000;

/** Stores monitor's state outside of the process, so that it survives a restart. */
@Injectable()
export class RegistryRepository {
  #bucket: Bucket<Snapshot> | undefined;
  #saving: Promise<void> | undefined;
  #next: Memory | undefined;
  #broken = false;

  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The state of an earlier monitor. `cold`: it was stopped on purpose, ended long ago, or knew another boot
   * of the bus. Null when there is none. Throws while the bus is away.
   */
  async load(): Promise<{ memory: Memory; cold: boolean } | null> {
    const entry = await (await this.#open()).get(KEY);
    if (!entry) return null;
    const { value } = entry;
    const age = Date.now() - Date.parse(value.written_at);
    const cold = value.stopped || age > MEMORY_LASTS_MS || value.bus_boot !== this.bus.serverId();
    return { memory: value, cold };
  }

  /**
   * Stores the state. Calls during a write are combined into one. Never throws: the next call tries again.
   */
  save(memory: Memory, stopped = false): Promise<void> {
    this.#next = memory;
    this.#saving ??= this.#save(stopped).finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  /** Stores the last state of a monitor that ends on purpose. */
  async saveLast(memory: Memory): Promise<void> {
    await this.#saving;
    await this.save(memory, true);
  }

  async #save(stopped: boolean): Promise<void> {
    try {
      for (let memory = this.#next; memory; memory = this.#next) {
        this.#next = undefined;
        const snapshot: Snapshot = {
          written_at: new Date().toISOString(),
          bus_boot: this.bus.serverId(),
          stopped,
          instances: [...memory.instances],
          boots: { ...memory.boots },
          symptoms: [...memory.symptoms],
        };
        await (await this.#open()).put(KEY, snapshot);
      }
      this.#broken = false;
    } catch (error) {
      if (!this.#broken) this.logger.log('registry.write_failed', { error });
      this.#broken = true;
    }
  }

  async #open(): Promise<Bucket<Snapshot>> {
    this.#bucket ??= await this.bus.bucket('monitor_registry', snapshotSchema);
    return this.#bucket;
  }
}
