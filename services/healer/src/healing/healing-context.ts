import type { Logger } from '@gridworks/observability';
import type { ActLedgerRepository } from '../guards/act-ledger.repository.ts';
import type { LeaseKeeper } from '../guards/lease.ts';
import type { PauseRepository } from '../guards/pause.repository.ts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import type { MailClaim } from '../incidents/incident-record.ts';
import type { PlaybookRule } from '../playbook/playbook.ts';
import type { RemedyCatalogue } from '../remedies/remedy.ts';
import type { Prober } from '../verification/prober.ts';
import type { PulseRegistry } from '../verification/pulse-registry.ts';
import type { HealingLimits } from './healing-limits.ts';

/** The parts that healing uses. One for each healer process. */
export interface HealingContext {
  /** The platform's name of this healer. */
  readonly self: string;
  readonly incidents: IncidentRepository;
  readonly leases: LeaseKeeper;
  readonly ledger: ActLedgerRepository;
  readonly pauses: PauseRepository;
  readonly remedies: RemedyCatalogue;
  readonly prober: Prober;
  readonly pulses: PulseRegistry;
  readonly playbook: readonly PlaybookRule[];
  readonly limits: HealingLimits;
  readonly clock: () => number;
  readonly logger: Pick<Logger, 'log'>;
  /** Requests the incident's one mail. Never waits until it is sent. */
  readonly notify: (id: string, kind: MailClaim['kind']) => void;
}
