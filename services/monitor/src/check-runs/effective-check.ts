import type { CheckDefinition, CheckSettings } from '@gridworks/contracts';

/** What an admin has changed in a row of the table. */
export type CheckOverrides = Partial<CheckSettings>;

/** A row of the table as it is in use. */
export type EffectiveCheck = CheckDefinition & Pick<CheckSettings, 'enabled' | 'muted_until'>;

/** The settings that are in use: of the row, unless an admin has changed them. */
export const settingsOf = ({
  threshold,
  interval_ms,
  enabled,
  muted_until,
}: EffectiveCheck): CheckSettings => ({ threshold, interval_ms, enabled, muted_until });

/**
 * Applies changes to a row. Changes that an earlier release allowed and this one does not are brought into
 * bounds, or left out.
 */
export function effectiveCheck(row: CheckDefinition, changed: CheckOverrides): EffectiveCheck {
  const { min_ms, max_ms } = row.interval_bounds;
  return {
    ...row,
    threshold: { ...row.threshold, ...changed.threshold },
    interval_ms: Math.min(max_ms, Math.max(min_ms, changed.interval_ms ?? row.interval_ms)),
    enabled: row.can_be_muted ? (changed.enabled ?? true) : true,
    muted_until: row.can_be_muted ? (changed.muted_until ?? null) : null,
  };
}
