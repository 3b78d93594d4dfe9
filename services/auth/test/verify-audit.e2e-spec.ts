import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Act, newId } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditChain } from '../src/audit/audit-chain.ts';
import { chainHash } from '../src/audit/chain-hash.ts';
import { startAuth } from './auth-under-test.ts';

const PROGRAM = join(import.meta.dirname, '..', 'src', 'audit', 'audit-cli.ts');
const LENGTH = 8;

interface Row extends Record<string, unknown> {
  readonly sequence: string;
  readonly id: string;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

describe('`audit verify`', () => {
  let auth: ServiceUnderTest;
  let database: Database;
  let chain: string;

  beforeAll(async () => {
    ({ auth } = await startAuth());
    database = (await auth.startInstance()).module.get(Database);
    await auth.startGateway();
  });
  afterAll(() => auth.stop());

  const append = async (partnerId: string, at?: Date) => {
    const act: Act = {
      ...{ service: 'auth', at: new Date().toISOString(), partner_id: partnerId, action: 'api_key.created' },
      actor: { kind: 'person', id: newId('user'), role: 'owner', impersonator: null },
      ...{ object_id: newId('apiKey'), before: null, after: { name: 'Anna' }, outcome: 'done', code: null },
      ...{ request_id: newId('request'), network: null, user_agent: null },
    };
    await database.transaction(async (tx) => void (await new AuditChain().append(tx, act, at)));
  };
  const published = (partnerId: string) =>
    eventually(async () => {
      const [row] = await auth.query(
        'select published_sequence = sequence and published_anchor = anchor_sequence as done from audit_chains where id = $1',
        [partnerId],
      );
      expect(row?.done).toBe(true);
    });
  beforeEach(async () => {
    chain = newId('partner');
    for (let i = 0; i < LENGTH; i++) await append(chain);
    await published(chain);
  });

  const run = async (...args: string[]) => {
    const { user, password } = auth.nats.credentials('auth');
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--disable-warning=ExperimentalWarning', PROGRAM, ...args],
      {
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          DATABASE_URL: auth.databaseUrl,
          NATS_URL: auth.nats.url,
          NATS_USER: user,
          NATS_PASSWORD: password,
        },
      },
    );
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.on('close', resolve)),
    ]);
    return { code, out, err };
  };
  /** Does what only a superuser can who has switched the triggers off. */
  const tamper = async (...statements: string[]) => {
    const superuser = new URL(auth.postgres.url);
    superuser.pathname = new URL(auth.databaseUrl).pathname;
    const sql = ['set session_replication_role = replica', 'set search_path = auth', ...statements].join(
      '; ',
    );
    await auth.postgres.query(sql, [], superuser.href);
  };
  const rows = () =>
    auth.query<Row>('select * from audit_entries where chain = $1 order by sequence', [chain]);
  const expectFault = async (sequence: number, id: string | null, what: RegExp) => {
    const { code, out } = await run('verify', '--partner', chain);
    expect(out).toContain(`${chain} entry ${sequence} ${id ?? '-'}: `);
    expect(out).toMatch(what);
    expect(out).toContain('1 of 1 chains broken');
    expect(code).toBe(1);
  };

  it('finds whole chains whole', async () => {
    expect(await run('verify', '--partner', chain)).toMatchObject({
      code: 0,
      out: `  ✓ 1 chains with ${LENGTH} entries are whole\n`,
    });
    expect((await run('verify', '--partner', newId('partner'))).code).toBe(2);
    expect((await run('check')).err).toContain('usage:');
  });

  it('names an entry of which one byte was changed', async () => {
    const [{ id }] = (await rows()).slice(3) as [Row];
    await tamper(`update audit_entries set entry = replace(entry, 'Anna', 'Anne') where id = '${id}'`);
    await expectFault(4, id, /content was changed/);
  });

  it('names an entry whose columns were changed', async () => {
    const [{ id }] = (await rows()).slice(3) as [Row];
    await tamper(
      `update audit_entries set recorded_at = recorded_at + interval '1 millisecond' where id = '${id}'`,
    );
    await expectFault(4, id, /columns/);
  });

  it('names the entry that was deleted', async () => {
    await tamper(`delete from audit_entries where chain = '${chain}' and sequence = 5`);
    await expectFault(5, null, /is missing/);
  });

  it('names the first of two entries that were swapped', async () => {
    const [, , third] = await rows();
    const move = (from: number, to: number) =>
      `update audit_entries set sequence = ${to} where chain = '${chain}' and sequence = ${from}`;
    await tamper(move(2, 100), move(3, 2), move(100, 3));
    await expectFault(2, third?.id ?? '', /does not follow/);
  });

  it('finds that the end was cut off, also when the chain was told so', async () => {
    await tamper(`delete from audit_entries where chain = '${chain}' and sequence > 6`);
    await expectFault(7, null, /end is cut off: 8 entries/);
    const last = (await rows()).at(-1);
    await tamper(
      `update audit_chains set sequence = 6, hash = '${last?.hash}', published_sequence = 6 where id = '${chain}'`,
    );
    await expectFault(7, null, /end is cut off: 8 entries/);
  });

  it('finds a chain that was written anew with fitting hashes', async () => {
    let previous = '';
    const statements: string[] = [];
    for (const row of await rows()) {
      const entry = row.entry.replaceAll('Anna', 'Anne');
      previous ||= row.previous_hash;
      const hash = chainHash(previous, entry);
      statements.push(
        `update audit_entries set entry = '${entry}', previous_hash = '${previous}', hash = '${hash}' where id = '${row.id}'`,
      );
      previous = hash;
    }
    await tamper(...statements, `update audit_chains set hash = '${previous}' where id = '${chain}'`);
    await expectFault(LENGTH, (await rows()).at(-1)?.id ?? '', /written anew/);
  });

  it('finds that a whole chain is gone', async () => {
    await tamper(
      `delete from audit_entries where chain = '${chain}'`,
      `delete from audit_chains where id = '${chain}'`,
    );
    const { code, out } = await run('verify');
    expect(out).toContain(`${chain} entry 1 -: the whole chain is missing; it had 8 entries`);
    expect(code).toBe(1);
  });

  it('follows a chain from its anchor when its oldest months were dropped', async () => {
    chain = newId('partner');
    await append(chain, new Date('2018-03-01T00:00:00Z'));
    await append(chain);
    await auth.query(`select drop_audit_partition('audit_entries_201803')`);
    await append(chain);
    await published(chain);
    expect(await run('verify', '--partner', chain)).toMatchObject({
      code: 0,
      out: '  ✓ 1 chains with 2 entries are whole\n',
    });
  });
});
