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
  /** Boot of the bus that it was written to. */
  bus_boot: z.string().nullable(),
  /** Written on purpose as the last one: monitor was stopped, and what happened then is nobody's fault. */
  stopped: z.boolean(),
  instances: z.array(instanceSchema),
  boots: z.partialRecord(z.enum(SERVERS), z.string()),
  symptoms: z.array(z.object({ symptom: symptomSchema, traceparent: z.string() })),
});
type Snapshot = z.output<typeof snapshotSchema>;

const KEY = 'snapshot';
/** Older memories say nothing about now. */
const MEMORY_LASTS_MS = 60_000;

/** Keeps what monitor knows where a restart of monitor does not reach. */
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
   * What an earlier monitor knew. `cold`: it was stopped on purpose, ended long ago, or lived with another boot of
   * the bus. Null when there was none. Throws while the bus is away.
   */
  async load(): Promise<{ memory: Memory; cold: boolean } | null> {
    const entry = await (await this.#open()).get(KEY);
    if (!entry) return null;
    const { value } = entry;
    const age = Date.now() - Date.parse(value.written_at);
    const cold = value.stopped || age > MEMORY_LASTS_MS || value.bus_boot !== this.bus.serverId();
    return { memory: value, cold };
  }

  /** Keeps this. Calls that come while one is under way become one. Never throws: the next call tries again. */
  save(memory: Memory, stopped = false): Promise<void> {
    this.#next = memory;
    this.#saving ??= this.#save(stopped).finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  /** Keeps this as the last word of a monitor that ends on purpose. */
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
      if (!this.#broken) this.logger.warn({ error }, 'the registry cannot be written; trying again');
      this.#broken = true;
    }
  }

  async #open(): Promise<Bucket<Snapshot>> {
    this.#bucket ??= await this.bus.bucket('monitor_registry', snapshotSchema);
    return this.#bucket;
  }
}
