import { DISK_USE, type Pulse } from '@gridworks/contracts';

/** Used share of the disk that a pulse reports, or null while it is not known. */
export function usedShareOf({
  disk_free_bytes: free,
  disk_total_bytes: total,
}: Pick<Pulse, 'disk_free_bytes' | 'disk_total_bytes'>): number | null {
  return free === undefined || !total ? null : 1 - free / total;
}

/** Whether the disk of one process is filling, by its pulses: from one limit on, until it is below another. */
export class DiskUse {
  #isFilling = false;

  observe(pulse: Pick<Pulse, 'disk_free_bytes' | 'disk_total_bytes'>): void {
    const used = usedShareOf(pulse);
    if (used === null) return;
    if (used >= DISK_USE.filling) this.#isFilling = true;
    if (used < DISK_USE.eased) this.#isFilling = false;
  }

  get isFilling(): boolean {
    return this.#isFilling;
  }
}
