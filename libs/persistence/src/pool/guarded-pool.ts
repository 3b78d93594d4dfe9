import { type CallContext, currentContext, type Logger, type PoolUse } from '@gridworks/observability';
import type { PostgresConnection } from '../connection/postgres-connection.ts';
import { PoolGrowth } from './grow-pool.ts';
import { PoolGate, type PoolTransition, type PoolWork } from './pool-gate.ts';

const FREE_SQL = `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as free`;

/** A pool of connections with its gate and its growth: what is done before it is used up. */
export class GuardedPool {
  readonly #connection: PostgresConnection;
  readonly #gate: PoolGate;
  readonly #growth: PoolGrowth;
  readonly #listeners: ((transition: PoolTransition) => void)[] = [];
  #configured: number;

  constructor(connection: PostgresConnection, logger: Logger) {
    this.#connection = connection;
    const { pool } = connection;
    this.#configured = pool.size;
    this.#gate = new PoolGate({ max: () => pool.size, onTransition: (one) => this.#onTransition(one) });
    this.#growth = new PoolGrowth({
      configured: () => this.#configured,
      size: () => pool.size,
      resize: (size) => this.#resize(size),
      free: async () => (await connection.server.run<{ free: number }>(FREE_SQL))[0]?.free ?? 0,
      onGrown: (from, to) => logger.log('pool.grown', { from, to }),
    });
  }

  /** Calls the listener at each change of the level. */
  onTransition(listener: (transition: PoolTransition) => void): void {
    this.#listeners.push(listener);
  }

  /** Connections run out: work waits or is refused. */
  get isShort(): boolean {
    return this.#gate.level !== 'normal';
  }

  /** Sets how the pool is operated, and how many connections it makes at most, from now on. */
  set(mode: PoolUse['mode'], size: number): void {
    this.#configured = size;
    this.#gate.turn(mode === 'off');
    this.#resize(size);
  }

  use(): PoolUse {
    const { total, idle, waiting, max } = this.#connection.pool.counts;
    const { queued, refused } = this.#gate.counts();
    return {
      in_use: total - idle,
      waiting: waiting + this.#gate.waiting,
      max,
      level: this.#gate.level,
      mode: this.#gate.isOff ? 'off' : 'auto',
      queued_total: queued,
      refused_total: refused,
    };
  }

  /**
   * Runs work that needs one connection, in its turn.
   * @throws AppError REDUCED_CAPACITY when it gets no turn; then it was not begun.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const place = placeOf(currentContext());
    const turn = this.#gate.enter(place);
    if (turn) await turn;
    try {
      return await work();
    } finally {
      this.#gate.leave(place);
    }
  }

  close(): void {
    this.#growth.close();
  }

  #resize(size: number): void {
    this.#connection.pool.resize(size);
    this.#gate.resized();
  }

  #onTransition(transition: PoolTransition): void {
    this.#growth.onLevel(transition.to);
    for (const listener of this.#listeners) listener(transition);
  }
}

const OWN_WORK: PoolWork = { criticality: 'critical', caller: undefined, deadlineAt: undefined };

/** The work of a request, by its contract; the service's own work is critical. */
function placeOf(context: CallContext | undefined): PoolWork {
  if (context?.criticality === undefined) return OWN_WORK;
  const { criticality, deadlineAt, principal } = context;
  return { criticality, deadlineAt, caller: principal?.user_id ?? principal?.partner_id ?? undefined };
}
