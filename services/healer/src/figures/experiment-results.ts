import type { getScorecard, OutputOf } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export type ExperimentResult = OutputOf<typeof getScorecard>['rows'][number];

interface Row {
  readonly id: string;
  readonly experiment: string;
  readonly observed_at: Date;
  readonly resolved_at: Date | null;
  readonly was_escalated: boolean;
  readonly detect_ms: number | null;
  readonly heal_ms: number | null;
}

// The newest incident of each label. When an experiment caused several incidents on a target, the last is
// shown.
const SQL = `
  select distinct on (i.experiment) i.id, i.experiment, i.observed_at, i.resolved_at,
    exists (select from healing_events e where e.incident_id = i.id and e.what = 'escalated') as was_escalated,
    (extract(epoch from i.observed_at) - extract(epoch from i.began_at)) * 1000 as detect_ms,
    (extract(epoch from i.resolved_at) - extract(epoch from i.observed_at)) * 1000 as heal_ms
  from healing_incidents i where i.experiment like 'chaos: %'
  order by i.experiment, i.id desc`;
const LABEL = /^chaos: ([a-z-]+)(?: ([a-z0-9-]+))?$/;

/** The results of chaos experiments, from the incidents that carry their labels. */
@Injectable()
export class ExperimentResults {
  constructor(private readonly database: Database) {}

  /** One result for each experiment and target, newest first. */
  async last(): Promise<ExperimentResult[]> {
    const rows = await this.database.read<Row[]>((manager) => manager.query(SQL));
    return rows
      .flatMap((row) => {
        const [, experiment, target] = LABEL.exec(row.experiment) ?? [];
        return experiment ? [resultOf(row, experiment, target ?? null)] : [];
      })
      .sort((a, b) => (a.at < b.at ? 1 : -1));
  }
}

function resultOf(row: Row, experiment: string, target: string | null): ExperimentResult {
  const outcome = row.was_escalated ? 'escalated' : row.resolved_at ? 'healed' : 'open';
  return {
    experiment,
    target,
    at: row.observed_at.toISOString(),
    outcome,
    incident_id: row.id,
    detect_ms: row.detect_ms === null ? null : Math.round(row.detect_ms),
    heal_ms: row.heal_ms === null ? null : Math.round(row.heal_ms),
  };
}
