import { hash } from 'node:crypto';
import { type ErrorFacts, readFacts } from '../classify/error-facts.ts';
import { linksOf } from '../classify/error-links.ts';
import { extractCodes } from '../classify/extract-codes.ts';
import { inferDependency } from '../classify/infer-dependency.ts';
import { readPrintedCause } from '../classify/read-printed-cause.ts';
import { readProse } from '../classify/read-prose.ts';
import { messageTemplate } from './message-template.ts';

const MAX_CAUSES = 4;

/**
 * The id of an error: 16 hexadecimal digits that stay the same whatever ids, numbers, times, addresses and
 * quoted values its message contains, and differ when class, codes, status, wording or causes do. The stack
 * is ignored: the same error by two ways through the code is one error. Never throws.
 *
 * @param error any thrown value, or the plain shape `{ name, code, message, stack, status, body }`
 * @param source the call site or dependency; the same error of two sources has two ids
 */
export function fingerprint(error: unknown, source = ''): string {
  const facts = readFacts(error);
  const parts = [source, identityOf(facts)];
  const links = linksOf(error).slice(0, MAX_CAUSES);
  for (const link of links) parts.push(identityOf(readFacts(link)));
  if (links.length === 0 && facts.codes.length === 0) {
    const printed = readPrintedCause(error);
    if (printed) parts.push(identityOf(readFacts(printed)));
  }
  return hash('sha256', parts.join('\u0001'), 'hex').slice(0, 16);
}

function identityOf(facts: ErrorFacts): string {
  const dependency = facts.dependency ?? inferDependency(facts.name, facts.stack);
  const printed = extractCodes(readProse(facts.message), facts.message, dependency);
  const mail = /\b([245]\d\d)[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(facts.message);
  return [
    facts.name,
    facts.codes.map((code) => (code.includes(' ') ? messageTemplate(code) : code)).join(','),
    facts.status ?? printed.status ?? '',
    mail ? `${mail[1]} ${mail[2]}` : '',
    printed.codes.join(','),
    messageTemplate(facts.message),
    facts.body ? messageTemplate(facts.body.message) : '',
  ].join('\u0000');
}
