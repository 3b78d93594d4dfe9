import { setTimeout as sleep } from 'node:timers/promises';
import { registerProbePartner } from '../requests/probe-partner.ts';
import { PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { seededRandom } from '../system/seeded-random.ts';
import type { Attack, AttackResult } from './attack.ts';
import { Bystander, bystanderProblems } from './bystander.ts';

export interface AttackReport extends AttackResult {
  readonly attack: string;
  readonly held: boolean;
}

export interface AttackOptions {
  readonly attacks: readonly Attack[];
  readonly seed: number;
  /** Receives lines of progress. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const SETTLE_MS = 3000;
const SERVED_LIMIT_MS = 60_000;
const CALLS_BETWEEN = 10;

/**
 * Attacks the running portal, one attack after another, and reports for each whether the portal held. Between
 * two attacks it waits until a bystander's calls succeed.
 * @throws NotRunningError when the portal does not run
 */
export async function runAttacks(system: RunningSystem, options: AttackOptions): Promise<AttackReport[]> {
  const { attacks, seed, say, signal } = options;
  system.assertUp();
  const { hostname: host, port } = new URL(system.url);
  const client = new PortalClient(system.url);
  const [attacker, partner] = [
    await registerProbePartner(system, client),
    await registerProbePartner(system, client),
  ];
  client.close();
  const bystander = new Bystander(host, Number(port), partner.keys[0]!);
  const reports: AttackReport[] = [];
  for (const [index, attack] of attacks.entries()) {
    say(`${attack.name}: ${attack.does}`);
    const context = { system, host, port: Number(port), from: `127.0.1.${index + 1}`, bystander, signal };
    const result = await attack.run({
      ...context,
      attackerKey: attacker.keys[0]!,
      random: seededRandom(seed),
    });
    const problems = [...result.problems];
    if (!(await isServedAgain(bystander, signal)))
      problems.push('a bystander is not served after the attack');
    reports.push({ attack: attack.name, held: problems.length === 0, facts: result.facts, problems });
    say(describeAttack(reports.at(-1)!));
  }
  return reports;
}

async function isServedAgain(bystander: Bystander, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + SERVED_LIMIT_MS;
  do {
    await sleep(SETTLE_MS, undefined, { signal });
    if (bystanderProblems(await bystander.calls(CALLS_BETWEEN)).length === 0) return true;
  } while (performance.now() < until);
  return false;
}

/** A report for people. */
function describeAttack({ held, facts, problems }: AttackReport): string {
  const lines = Object.entries(facts).map(([name, value]) => `    ${name}: ${value}`);
  return [...lines, ...problems.map((one) => `    ✗ ${one}`), held ? '  ✓ held' : '  ✗ not held'].join('\n');
}
