import type { Pulse, ServerName } from '@gridworks/contracts';
import type { ServerTracker } from './server-tracker.ts';

/** A pool's losses count only when its server is still the same after this time. */
export const CONFIRM_AFTER_MS = 1500;
/** A loss that was not confirmed within this time is not reported. */
const GIVE_UP_AFTER_MS = 15_000;
const CALM_MS = 2000;

/** Connections that an instance lost although the server stayed up. Times are epoch ms. */
export interface ConfirmedLoss {
  readonly instance: string;
  readonly server: ServerName;
  readonly beganAt: number;
  readonly lost: number;
}

interface Loss {
  readonly instance: string;
  readonly server: ServerName;
  readonly beganAt: number;
  reportedAt: number;
  lost: number;
  /** Boot of the server before the loss, as the instance reported it and as monitor saw it. */
  readonly bootInPulse: string | null;
  readonly bootSeen: string | null;
  confirmed: boolean;
}

/**
 * Separates connections that were cut from connections that were lost with their server. Only the first is a
 * fault of the instance: the second is a consequence, and the server's own symptom explains it.
 */
export class ConnectionLosses {
  readonly #servers: ReadonlyMap<string, ServerTracker>;
  readonly #losses = new Map<string, Loss>();

  constructor(servers: ReadonlyMap<string, ServerTracker>) {
    this.#servers = servers;
  }

  /** Compares two pulses of one boot of an instance. */
  compare(before: Pulse, after: Pulse, now: number): void {
    if (before.boot_id !== after.boot_id) {
      this.forget(after.instance);
      return;
    }
    for (const dependency of after.dependencies) {
      const server = this.#servers.get(dependency.name);
      const earlier = before.dependencies.find(({ name }) => name === dependency.name);
      if (!server || !earlier) continue;
      const lost = dependency.connections_lost - earlier.connections_lost;
      const key = `${after.instance}|${dependency.name}`;
      const known = this.#losses.get(key);
      if (known && rebooted(known.bootInPulse, dependency.boot)) this.#losses.delete(key);
      else if (known && lost > 0) {
        known.lost += lost;
        known.reportedAt = now;
      } else if (lost > 0 && !rebooted(earlier.boot, dependency.boot)) {
        this.#losses.set(key, {
          instance: after.instance,
          server: server.name,
          beganAt: now,
          reportedAt: now,
          lost,
          bootInPulse: earlier.boot,
          bootSeen: server.boot,
          confirmed: false,
        });
      } else if (known?.confirmed && dependency.status === 'up' && now - known.reportedAt >= CALM_MS) {
        this.#losses.delete(key);
      }
    }
  }

  /** The losses that are confirmed now. */
  confirmed(now: number): ConfirmedLoss[] {
    for (const [key, loss] of this.#losses) {
      const server = this.#servers.get(loss.server)!;
      const changed = rebooted(loss.bootSeen, server.boot);
      if (!loss.confirmed && (changed || server.unhealthy(now) || now - loss.beganAt > GIVE_UP_AFTER_MS)) {
        this.#losses.delete(key);
      } else if (now - loss.beganAt >= CONFIRM_AFTER_MS && server.respondedSince(loss.beganAt)) {
        loss.confirmed = true;
      }
    }
    return [...this.#losses.values()].filter(({ confirmed }) => confirmed);
  }

  /** Losses that were unconfirmed when monitor itself was held up are not reported. */
  shift(): void {
    for (const [key, { confirmed }] of this.#losses) if (!confirmed) this.#losses.delete(key);
  }

  forget(instance: string): void {
    for (const [key, loss] of this.#losses) if (loss.instance === instance) this.#losses.delete(key);
  }
}

const rebooted = (before: string | null, after: string | null): boolean =>
  before !== null && after !== null && before !== after;
