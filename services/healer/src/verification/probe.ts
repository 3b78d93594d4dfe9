/** The result of an independent probe. `unknown` never counts as `good`. */
export interface ProbeResult {
  readonly status: 'good' | 'bad' | 'unknown';
  readonly detail: string;
  /**
   * Identity of the boot that responded, if it reports one: another boot during a proof restarts the proof.
   */
  readonly boot: string | null;
}

export const good = (detail: string, boot: string | null = null): ProbeResult => ({
  status: 'good',
  detail,
  boot,
});
export const bad = (detail: string): ProbeResult => ({ status: 'bad', detail, boot: null });
export const unknown = (detail: string): ProbeResult => ({ status: 'unknown', detail, boot: null });
