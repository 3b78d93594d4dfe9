import { createHash } from 'node:crypto';
import type { UsageRecord } from '@gridworks/contracts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The id of the event that carries these records: the same for the same records, so that a batch that is sent
 * again is recognised by the bus, and another one for any other set, so that none is taken for a repetition.
 */
export function batchId(records: readonly UsageRecord[]): string {
  const hash = createHash('sha256');
  for (const { id } of records) hash.update(id);
  const digest = hash.digest();
  let text = 'evt_';
  for (let i = 0; i < 22; i++) text += ALPHABET[(digest[i] as number) % 62];
  return text;
}
