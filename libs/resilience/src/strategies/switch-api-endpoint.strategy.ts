import { concernsDependency } from '../common/write-safety.ts';
import { healed, notHealed, type Strategy } from './strategy.ts';

/**
 * Calls the backups in their order. Each has a breaker of its own, so that a dead backup costs time only
 * briefly.
 */
export const switchApiEndpoint: Strategy = {
  name: 'SWITCH_API_ENDPOINT',
  needs: '`endpoints` with a backup, and a call that may be repeated',
  missing: (call) => {
    if (!call.site.options.endpoints?.backups.length) return 'there is no backup in `endpoints`';
    return call.mustNotRepeat();
  },
  async run(call) {
    const endpoints = call.site.options.endpoints!;
    const failures: string[] = [];
    for (const endpoint of endpoints.backups) {
      const breaker = call.site.backupBreaker(endpoint);
      const ticket = breaker.closed ? null : breaker.admit();
      if (!breaker.closed && ticket === null) {
        failures.push(`the breaker of ${endpoint} is open`);
        continue;
      }
      const attempted = await call
        .tryElsewhere(endpoints.at(endpoint, call.args as never))
        .catch((refusal: unknown) => {
          breaker.succeeded(ticket !== null);
          throw refusal;
        });
      if (attempted.ok) {
        breaker.succeeded(ticket !== null);
        return healed(attempted.value, `${endpoint} responded in place of ${endpoints.primary}`);
      }
      if (attempted.made && concernsDependency(call.site.examine(attempted.error).kind))
        breaker.failed(ticket !== null, attempted.error);
      else breaker.inconclusive(ticket !== null);
      failures.push(`${endpoint}: ${attempted.why}`);
      const forbidden = call.mustNotRepeat();
      if (forbidden !== null) {
        failures.push(forbidden);
        break;
      }
    }
    return notHealed(failures.join('; '));
  },
};
