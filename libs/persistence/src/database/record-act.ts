import type { EventContract } from '@gridworks/contracts';
import type { PendingAct } from '@gridworks/observability';
import type { Transaction } from './transaction.ts';

/**
 * Work that also emits the audit entry of its call, from what it returns: the entry is committed with the effect or not
 * at all. A call whose handler has noted that it is a repeat leaves none.
 */
export function recordAct<T>(
  act: PendingAct,
  work: (tx: Transaction) => Promise<T>,
): (tx: Transaction) => Promise<T> {
  return async (tx) => {
    const result = await work(tx);
    if (!act.isRecorded && !act.note.isRepeat) {
      const { contract, payload } = act.describe(result);
      tx.emit(contract as EventContract, payload, { id: act.id });
    }
    return result;
  };
}
