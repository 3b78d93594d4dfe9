import { HandleRequest } from '@gridworks/bus';
import { getScorecard, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ExperimentResults } from './experiment-results.ts';

@Controller()
export class GetScorecardHandler {
  constructor(private readonly results: ExperimentResults) {}

  @HandleRequest(getScorecard)
  async get(): Promise<OutputOf<typeof getScorecard>> {
    const rows = await this.results.last();
    return {
      object: 'scorecard',
      observed_at: new Date().toISOString(),
      last_run_at: rows[0]?.at ?? null,
      runs: rows.length,
      healed: rows.filter(({ outcome }) => outcome === 'healed').length,
      time_to_detect: spreadOf(rows.map(({ detect_ms }) => detect_ms)),
      time_to_heal: spreadOf(rows.map(({ heal_ms }) => heal_ms)),
      rows,
    };
  }
}

/** Median and 95th percentile, by nearest rank. */
function spreadOf(values: readonly (number | null)[]): { p50_ms: number | null; p95_ms: number | null } {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  return { p50_ms: rank(0.5), p95_ms: rank(0.95) };
}
