import pg from 'pg';

/** Records each call once: in one transaction, as `database.once` of a service does. */
export class StatementLedger {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<StatementLedger> {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(
      'create table if not exists inbox (consumer text, event_id text, primary key (consumer, event_id))',
    );
    await client.query('create table if not exists statements (call_id text not null, by text not null)');
    return new StatementLedger(client);
  }

  async once(id: string, by: string): Promise<'done' | 'duplicate'> {
    await this.#client.query('begin');
    const { rowCount } = await this.#client.query(
      'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing',
      ['billing_replay-call', id],
    );
    if (rowCount === 1)
      await this.#client.query('insert into statements (call_id, by) values ($1, $2)', [id, by]);
    await this.#client.query('commit');
    return rowCount === 1 ? 'done' : 'duplicate';
  }

  async all(): Promise<unknown[]> {
    return (await this.#client.query('select call_id, by from statements')).rows;
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
