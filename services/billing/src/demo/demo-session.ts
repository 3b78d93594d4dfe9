import { setTimeout as wait } from 'node:timers/promises';
import type { getDemoSession, OutputOf } from '@gridworks/contracts';
import { newId } from '@gridworks/contracts';
import { Sandbox } from './sandbox.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { type Observation, ruleFor, type SandboxRule } from './sandbox-rules.ts';

type Document = OutputOf<typeof getDemoSession>;
type Entry = Document['timeline'][number];

export const SESSION_MS = 30 * 60_000;
export const IDLE_MS = 2 * 60_000;
/** Ten calls a second, and as many checks of the pulse. */
const TICK_MS = 100;
/** Calls are made only while the session was read within this time, in milliseconds. */
const READER_MS = 5_000;
const PROBE_MS = 5_000;
const MOST_STARTS = 5;

/** One sandbox of billing: makes its calls, breaks it on request, and heals it. Everything is in memory. */
export class DemoSession {
  readonly id = newId('demo');
  readonly createdAt = Date.now();
  readonly #sandbox = new Sandbox();
  readonly #calls = new SandboxCalls(this.#sandbox);
  readonly #timer: NodeJS.Timeout;
  #status: Document['status'] = 'ready';
  #timeline: Entry[] = [];
  #startedAt = Date.now();
  #lastReadAt = Date.now();
  #lastTickAt = Date.now();
  #starts = 0;
  #isActing = false;

  constructor(readonly network: string) {
    this.#sandbox.start();
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Milliseconds since the epoch. */
  get endsAt(): number {
    return Math.min(this.createdAt + SESSION_MS, this.#lastReadAt + IDLE_MS);
  }

  /** The public form of the session. Each read postpones the idle end. */
  read(): Document {
    this.#lastReadAt = Date.now();
    const { made, responded, repeated, lost } = this.#calls;
    return {
      object: 'demo_session',
      id: this.id,
      status: this.#status,
      created_at: iso(this.createdAt),
      expires_at: iso(this.createdAt + SESSION_MS),
      calls: { made, responded, repeated, lost },
      timeline: [...this.#timeline],
    };
  }

  /** Ends the thread while calls run. Has no effect while an earlier fault is being healed. */
  async break(): Promise<void> {
    if (this.#status !== 'ready' && this.#status !== 'healed') return;
    this.#status = 'broken';
    this.#starts = 0;
    this.#timeline = [];
    // Calls are in flight when the thread ends, so that the first failure is immediate.
    this.#lastReadAt = Date.now();
    this.#calls.make();
    this.#note('injected', 'The metering thread of your sandbox was terminated while it was called');
    await this.#sandbox.terminate();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#status = 'failed';
    await this.#sandbox.terminate();
  }

  #tick(): void {
    const now = Date.now();
    const late = now - this.#lastTickAt > 3 * TICK_MS;
    this.#lastTickAt = now;
    if (now - this.#lastReadAt < READER_MS) this.#calls.make();
    // When this process itself was late, pulses wait in its queue: their absence proves nothing about the
    // sandbox.
    if (late || this.#isActing || this.#status === 'failed') return;
    const seen = this.#observe(now);
    const rule = ruleFor(seen);
    if (rule) void this.#heal(seen, rule);
  }

  #observe(now: number): Observation {
    const { isAlive, lastPulseAt } = this.#sandbox;
    return { isAlive, silentMs: now - (lastPulseAt || this.#startedAt), hasPulse: lastPulseAt > 0 };
  }

  async #heal(seen: Observation, rule: SandboxRule): Promise<void> {
    this.#isActing = true;
    if (this.#status !== 'broken' && this.#status !== 'healing') this.#timeline = [];
    this.#status = 'healing';
    this.#note(
      'observed',
      `No pulse for ${seen.silentMs} ms; ${this.#calls.open} calls wait and are repeated`,
    );
    this.#note('decided', `Rule ${rule.name}: ${rule.why}`);
    if (rule.remedy === 'replace_thread') await this.#sandbox.terminate();
    this.#startedAt = Date.now();
    this.#sandbox.start();
    this.#starts++;
    this.#note('acted', 'A new metering thread was started');
    await this.#verify();
    this.#isActing = false;
  }

  async #verify(): Promise<void> {
    const began = Date.now();
    try {
      await this.#sandbox.meter(`probe-${newId('demo')}`, AbortSignal.timeout(PROBE_MS));
      // Healed means more than alive: every waiting call has got its response, too.
      while (this.#calls.open > 1 && Date.now() - began < PROBE_MS) await wait(20);
      const { open, repeated, lost } = this.#calls;
      this.#status = 'healed';
      this.#note(
        'verified',
        `A probe call got its response after ${Date.now() - began} ms; ${repeated} repeats so far, ${lost} calls lost, ${open} open`,
      );
    } catch {
      if (this.#starts < MOST_STARTS) return;
      this.#status = 'failed';
      this.#note('escalated', `${this.#starts} new threads responded to no probe call`);
    }
  }

  #note(kind: Entry['kind'], text: string): void {
    this.#timeline.push({ at: iso(Date.now()), kind, text });
    if (this.#timeline.length > 40) this.#timeline.shift();
  }
}

const iso = (at: number): string => new Date(at).toISOString();
