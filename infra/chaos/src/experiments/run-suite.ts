import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import type { RunningSystem } from '../system/running-system.ts';
import { EXPERIMENTS, type Experiment, targetsOf } from './experiments.ts';
import type { Report } from './report.ts';
import { type ExperimentOptions, runExperiment } from './run-experiment.ts';
import { renderScorecard } from './summarize-suite.ts';

export interface SuiteOptions {
  readonly repeat: number;
  /** Names of experiments; empty: all. */
  readonly only: readonly string[];
  /** Of the control run. */
  readonly seconds: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** Path of the scorecard; undefined: it is not written. */
  readonly scorecard: string | undefined;
}

/** Runs every experiment on each of its targets, one after another, from calm to calm. */
export async function runSuite(system: RunningSystem, options: SuiteOptions): Promise<Report[]> {
  system.assertUp();
  const reports: Report[] = [];
  const plan = planOf(system, options.only);
  for (const { experiment, target } of plan) {
    // The control run is long, and one proves as much as several.
    const times = target === undefined ? 1 : options.repeat;
    for (let run = 1; run <= times; run++) {
      options.say(`${experiment.name} ${target ?? ''}${times > 1 ? ` (${run} of ${times})` : ''}`);
      reports.push(await oneRun(system, { ...options, experiment, target }));
      options.say(`  ${sentence(reports.at(-1)!)}`);
    }
  }
  if (options.scorecard) write(options.scorecard, reports, options);
  return reports;
}

interface Planned {
  readonly experiment: Experiment;
  readonly target: string | undefined;
}

function planOf(system: RunningSystem, only: readonly string[]): Planned[] {
  const chosen = EXPERIMENTS.filter(({ name }) => only.length === 0 || only.includes(name));
  return chosen.flatMap((experiment): Planned[] => {
    if (experiment.targets === 'nobody') return [{ experiment, target: undefined }];
    return targetsOf(experiment, system.processes()).map(({ name }) => ({ experiment, target: name }));
  });
}

/** A run that could not be made counts as not passed, and the suite continues. */
async function oneRun(system: RunningSystem, options: ExperimentOptions): Promise<Report> {
  try {
    return (await runExperiment(system, options)).report;
  } catch (error) {
    if (options.signal.aborted) throw error;
    return notRun(options, (error as Error).message);
  }
}

function notRun({ experiment, target }: ExperimentOptions, problem: string): Report {
  return {
    experiment: experiment.name,
    target: target ?? null,
    healed: false,
    decided_by: null,
    ms: { observed: null, decided: null, acted: null, verified: null, first_good_request: null },
    requests: { ok: 0, failed: {} },
    longest_gap_ms: 0,
    actions: [],
    incident_id: null,
    mailed: false,
    passed: false,
    problems: [`it could not be run: ${problem}`],
    incidents: 0,
    mails: 0,
    mails_from: 'sink',
    observed_by: null,
    last_failure_ms: null,
    acknowledged_writes_lost: null,
    usage: null,
    notes: [],
  };
}

function sentence(report: Report): string {
  if (!report.passed) return `did not pass: ${report.problems.join('; ')}`;
  if (report.target === null) return 'nothing was done';
  const { observed, verified, first_good_request: good } = report.ms;
  return `healed: observed ${observed} ms, first good request ${good} ms, verified ${verified} ms`;
}

function write(path: string, reports: readonly Report[], { repeat, seconds }: SuiteOptions): void {
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${gigabytes} GB, ${type()}`,
    repeat,
    controlSeconds: seconds,
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderScorecard(reports, facts));
}
