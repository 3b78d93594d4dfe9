import type { RunningSystem } from '../system/running-system.ts';
import type { Bystander } from './bystander.ts';

/**
 * The means of an attack. Each attack calls from a loopback address of its own, and the bystander from
 * another.
 */
export interface AttackContext {
  readonly system: RunningSystem;
  /** Where the gateway listens. */
  readonly host: string;
  readonly port: number;
  /**
   * The attacker's address. Every attack has its own, so that a limit by address that one attack used up does
   * not affect the next.
   */
  readonly from: string;
  /** An API key of the attacker's own partner: a good credential in bad hands. */
  readonly attackerKey: string;
  /** Another partner, who makes ordinary calls. */
  readonly bystander: Bystander;
  /** Numbers from 0 to below 1, the same for the same seed. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** The result of an attack. `problems` is empty when the portal held. */
export interface AttackResult {
  readonly problems: readonly string[];
  /** Figures for people, in the order in which they are shown. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** A bounded attack on the running portal. It ends by itself, and closes what it opened. */
export interface Attack {
  readonly name: string;
  readonly does: string;
  run(context: AttackContext): Promise<AttackResult>;
}
