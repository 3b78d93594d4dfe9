/** What an independent look at a process said. `unknown` is never taken for good. */
export interface ProbeResult {
  readonly status: 'good' | 'bad' | 'unknown';
  readonly detail: string;
  /** Identity of the boot that answered, where it tells one: another in the middle of a proof starts it over. */
  readonly boot: string | null;
}

export const good = (detail: string, boot: string | null = null): ProbeResult => ({
  status: 'good',
  detail,
  boot,
});
export const bad = (detail: string): ProbeResult => ({ status: 'bad', detail, boot: null });
export const unknown = (detail: string): ProbeResult => ({ status: 'unknown', detail, boot: null });
