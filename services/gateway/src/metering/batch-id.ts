import { createHash } from 'node:crypto';
import type { UsageRecord } from '@gridworks/contracts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The id of the event that carries these records. The same records give the same id, so that the bus recognises
 * a batch that is sent again; any other set gives another id, so that it is not taken for a repetition.
 */
export function batchId(records: readonly UsageRecord[]): string {
  const hash = createHash('sha256');
  for (const { id } of records) hash.update(id);
  const digest = hash.digest();
  let text = 'evt_';
  for (let i = 0; i < 22; i++) text += ALPHABET[(digest[i] as number) % 62];
  return text;
}
