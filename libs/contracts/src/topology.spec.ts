import { describe, expect, it } from '@jest/globals';
import { SERVICES } from './contract/define-contract.ts';
import { indexRequests } from './instance/index-requests.ts';
import {
  consumerRequest,
  INSTANCE_VERBS,
  inboxDiscardRequest,
  inboxRequest,
  instanceRequest,
  replayRequest,
} from './instance/instance.contracts.ts';
import { pulseSubject } from './instance/pulse.ts';
import { EVENTS, REQUESTS } from './registry.ts';
import { DEAD_LETTER_STREAM, EVENT_STREAM } from './topology.ts';

/** Matches as a NATS server does: `*` is one token, `>` is one or more at the end. */
function covers(pattern: string, subject: string): boolean {
  const tokens = subject.split('.');
  const wanted = pattern.split('.');
  if (wanted.at(-1) === '>') {
    const prefix = wanted.slice(0, -1);
    return tokens.length > prefix.length && prefix.every((one, at) => one === '*' || one === tokens[at]);
  }
  return wanted.length === tokens.length && wanted.every((one, at) => one === '*' || one === tokens[at]);
}
const takenBy = (stream: { readonly subjects: readonly string[] }, subjects: readonly string[]): string[] =>
  subjects.filter((subject) => stream.subjects.some((pattern) => covers(pattern, subject)));

const events = EVENTS.map(({ subject }) => subject);
const deadLetters = events.map((subject) => `dead.${subject}`);
const controls = SERVICES.flatMap((service) =>
  INSTANCE_VERBS.map((verb) => instanceRequest(service, verb, service).subject),
);
const requested = [
  ...REQUESTS.map(({ subject }) => subject),
  ...[consumerRequest, inboxDiscardRequest, inboxRequest, replayRequest].flatMap((request) =>
    SERVICES.map((service) => request(service).subject),
  ),
  ...SERVICES.flatMap((service) => indexRequests(service).map(({ subject }) => subject)),
  ...controls,
];
const pulses = SERVICES.map((service) => pulseSubject(service, service));

// A stream acknowledges every message on its subjects: the caller of a request would get the stream's
// acknowledgement, before and instead of the service's response.
describe('the streams', () => {
  it('keep every event, and every copy of an event that was given up', () => {
    expect(takenBy(EVENT_STREAM, events)).toEqual(events);
    expect(takenBy(DEAD_LETTER_STREAM, deadLetters)).toEqual(deadLetters);
  });

  it('keep no request, no control request and no pulse', () => {
    for (const stream of [EVENT_STREAM, DEAD_LETTER_STREAM])
      expect(takenBy(stream, [...requested, ...pulses])).toEqual([]);
  });

  it('keep no messages of one another', () => {
    expect(takenBy(EVENT_STREAM, deadLetters)).toEqual([]);
    expect(takenBy(DEAD_LETTER_STREAM, events)).toEqual([]);
  });

  it.each([
    ['rpc.>', 'rpc.billing.invoice.list', true],
    ['*.billing.>', 'rpc.billing.invoice.list', true],
    ['>', 'pulse.billing.billing', true],
    ['event.*.*', 'event.billing.invoice.paid', false],
    ['event.>', 'event', false],
  ])('%s covers %s: %s', (pattern, subject, expected) => {
    expect(covers(pattern, subject)).toBe(expected);
  });
});
