import { UsageError } from '../experiments/experiments.ts';
import type { Attack } from './attack.ts';
import { busDeputies } from './bus-deputies.ts';
import { FLOODS, unknownMembers, unknownTokens } from './floods.ts';
import { oddRequests } from './odd-requests.ts';
import { pipelinedCalls } from './pipelined-calls.ts';
import { slowBodiesToLogIn, slowBodiesToNowhere } from './slow-bodies.ts';
import { slowReaders } from './slow-readers.ts';

/** Every attack, in the order in which `all` runs them. */
export const ATTACKS: readonly Attack[] = [
  busDeputies,
  oddRequests,
  slowBodiesToNowhere,
  slowBodiesToLogIn,
  pipelinedCalls,
  unknownTokens,
  unknownMembers,
  slowReaders,
  ...FLOODS,
];

/** @throws UsageError when there is no such attack. */
export function attacksNamed(name: string): readonly Attack[] {
  if (name === 'all') return ATTACKS;
  const found = ATTACKS.filter((attack) => attack.name === name || attack.name.startsWith(`${name} `));
  if (found.length > 0) return found;
  const names = ATTACKS.map((attack) => attack.name).join(', ');
  throw new UsageError('UNKNOWN_EXPERIMENT', `there is no attack ${name}; there are ${names}`);
}
