import { freemem, hostname, loadavg, totalmem } from 'node:os';
import type { Pulse } from '@gridworks/contracts';

const LONGEST = 64;

/** A host name in the form of contracts: other characters become `-`. */
export function machineName(host: string): string {
  const name = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, LONGEST);
  return name === '' ? 'machine' : name;
}

/** The machine now. Memory that the system can free at once counts as free. */
export function readMachine(): NonNullable<Pulse['machine']> {
  return {
    name: machineName(hostname()),
    load_1m: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    memory_free_bytes: freemem(),
    memory_total_bytes: totalmem(),
  };
}
