import type { RequestContract } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SharedReads } from './shared-reads.ts';

const contract = (method: string, subject = 'rpc.auth.api-key.list') =>
  ({ subject, http: { method, path: '/v1/api-keys', status: 200 } }) as RequestContract;
const call = (id: string, role: 'owner' | 'viewer' = 'owner') =>
  ({
    principal: { kind: 'session', id, partner_id: 'par_1', user_id: 'usr_1', role, mode: null },
  }) as CallContext;
const body = (text: string) => Buffer.from(text);

describe('identical reads', () => {
  let isShort: boolean;
  let runs: number;
  let release: PromiseWithResolvers<string>;
  let reads: SharedReads;
  beforeEach(() => {
    isShort = true;
    runs = 0;
    release = Promise.withResolvers();
    reads = new SharedReads();
    reads.when(() => isShort);
  });
  const read = (method = 'GET', who = call('ses_1'), text = '{}', subject?: string) =>
    reads.run(contract(method, subject), who, body(text), () => {
      runs++;
      return release.promise;
    });

  it('share one run while the service is short of connections, and run again afterwards', async () => {
    const both = Promise.all([read(), read()]);
    release.resolve('the keys');
    expect(await both).toEqual(['the keys', 'the keys']);
    expect(runs).toBe(1);
    expect(await read()).toBe('the keys');
    expect(runs).toBe(2);
  });

  it('share a failure, too', async () => {
    const both = Promise.allSettled([read(), read()]);
    release.reject(new Error('no'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(runs).toBe(1);
  });

  it('run each for itself while nothing is short', () => {
    isShort = false;
    void read();
    void read();
    expect(runs).toBe(2);
  });

  it.each([
    ['a write', () => read('POST')],
    ['another credential', () => read('GET', call('ses_2'))],
    ['another role', () => read('GET', call('ses_1', 'viewer'))],
    ['another input', () => read('GET', call('ses_1'), '{"limit":2}')],
    ['another request', () => read('GET', call('ses_1'), '{}', 'rpc.auth.user.list')],
    ['nobody', () => read('GET', { principal: undefined } as CallContext)],
  ])('never share with %s', (_what, other) => {
    void read();
    void other();
    expect(runs).toBe(2);
  });
});
