import type { SystemHealth } from '@gridworks/sdk';
import { describe, expect, it } from '@jest/globals';
import { incidentPhases, lengthOf } from './incident-phases.ts';
import { factsOf, overallSentence } from './overall-sentence.ts';
import { type TimelineEntry, timelineRows } from './timeline-rows.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 10, 28) + ms).toISOString();
const entry = (ms: number, what: TimelineEntry['what'], text = what as string): TimelineEntry => ({
  at: at(ms),
  what,
  text,
});
const now = Date.parse(at(60_000));
const health = (status: SystemHealth['status'], checks: SystemHealth['checks'] = []): SystemHealth => ({
  object: 'system_health',
  status,
  observed_at: at(59_000),
  checks,
  instances: [],
});
const check = (component: string, status: SystemHealth['checks'][number]['status']) => ({
  component,
  status,
  observed_at: at(59_000),
  latency_ms: null,
  detail: null,
});

type Facts = Parameters<typeof factsOf>;
const sentenceAt = (moment: number, ...facts: Facts) => overallSentence(factsOf(...facts), moment);
const incident = (status: 'open' | 'acting' | 'escalated', title: string) => ({ id: title, status, title });

describe('the sentence of the whole state', () => {
  it('names what needs a human before everything else', () => {
    const incidents = [
      incident('acting', 'billing does not respond'),
      incident('escalated', 'The disk is full'),
    ];
    expect(sentenceAt(now, health('pass'), incidents, [])).toEqual({
      status: 'fail',
      sentence: '1 incident needs a human: The disk is full.',
    });
  });
  it('names the incident that is being healed', () =>
    expect(sentenceAt(now, health('warn'), [incident('open', 'redis was killed')], []).sentence).toBe(
      '1 incident is being healed: redis was killed.',
    ));
  it('gives an incident that only history has no title of another one', () => {
    const incidents = {
      ...{ open_incidents: 2, escalated_incidents: 1 },
      latest_open: incident('open', 'redis was killed'),
    };
    expect(overallSentence({ health: undefined, incidents, allPaused: false }, now).sentence).toBe(
      '1 incident needs a human.',
    );
  });
  it('never shows old health as good', () => {
    expect(sentenceAt(now + 60_000, health('pass'), [], []).status).toBe('unknown');
    expect(sentenceAt(now, undefined, [], []).status).toBe('unknown');
  });
  it('never calls good what nobody knows the incidents of', () =>
    expect(sentenceAt(now, health('pass'), undefined, [])).toEqual({
      status: 'unknown',
      sentence: 'Every component is healthy; whether an incident is open is unknown.',
    }));
  it('names what is degraded without an incident', () =>
    expect(sentenceAt(now, health('warn', [check('server:redis', 'warn')]), [], []).sentence).toBe(
      'redis is degraded; no incident is open.',
    ));
  it('names a pause', () =>
    expect(sentenceAt(now, health('pass'), [], [{ effect: 'pause', scope: 'all' }]).status).toBe('warn'));
  it('is short when all is healthy', () =>
    expect(sentenceAt(now, health('pass'), [], [])).toEqual({
      status: 'pass',
      sentence: 'Everything is healthy.',
    }));
});

describe('the phases of an incident', () => {
  const healed = {
    began_at: at(0),
    observed_at: at(1970),
    resolved_at: at(3290),
    timeline: [
      entry(0, 'began'),
      entry(1970, 'observed'),
      entry(1980, 'decided'),
      entry(1990, 'intended'),
      entry(2050, 'acted'),
      entry(2060, 'verifying'),
      entry(3290, 'resolved'),
    ],
  };
  it('are detect, decide, act and verify', () =>
    expect(incidentPhases(healed)).toEqual([
      { name: 'Detect', ms: 1970 },
      { name: 'Decide', ms: 20 },
      { name: 'Act', ms: 60 },
      { name: 'Verify', ms: 1240 },
    ]));
  it('end with the running phase', () =>
    expect(incidentPhases({ ...healed, resolved_at: null, timeline: healed.timeline.slice(0, 4) })).toEqual([
      { name: 'Detect', ms: 1970 },
      { name: 'Decide', ms: 20 },
      { name: 'Act', ms: null },
    ]));
  it('leave out the act of an incident that ended by itself', () =>
    expect(
      incidentPhases({ ...healed, timeline: [entry(1980, 'decided'), entry(3290, 'resolved')] }),
    ).toEqual([
      { name: 'Detect', ms: 1970 },
      { name: 'Decide', ms: 10 },
      { name: 'Act', ms: 1310 },
    ]));
  it('add up to the length of the incident', () => {
    const sum = incidentPhases(healed).reduce((total, { ms }) => total + (ms ?? 0), 0);
    expect(sum).toBe(lengthOf(healed, now));
  });
});

describe('the rows of a timeline', () => {
  it('fold idle time and runs of one kind', () => {
    const timeline = [
      entry(0, 'began'),
      ...Array.from({ length: 5 }, (_, i) => entry(100 + i, 'joined')),
      entry(40_000, 'resolved'),
    ];
    expect(timelineRows(timeline).map(({ kind }) => kind)).toEqual(['entry', 'group', 'gap', 'entry']);
  });
  it('leave short runs as they are', () =>
    expect(timelineRows([entry(0, 'joined'), entry(1, 'joined')]).map(({ kind }) => kind)).toEqual([
      'entry',
      'entry',
    ]));
  it('keep every entry of 5,000, once', () => {
    const timeline = Array.from({ length: 5000 }, (_, i) => entry(i * 10, i % 7 === 0 ? 'acted' : 'joined'));
    const shown = timelineRows(timeline).flatMap((row) =>
      row.kind === 'entry' ? [row.entry] : row.kind === 'group' ? row.entries : [],
    );
    expect(shown).toEqual(timeline);
  });
});
