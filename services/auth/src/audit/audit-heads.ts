import { type Bucket, Bus } from '@gridworks/bus';
import { type AuditHead, auditHeadSchema } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';

const EVERY_MS = 1000;
const AT_ONCE = 200;
const UNPUBLISHED_SQL = `
  select id as chain, sequence::int, hash, anchor_sequence::int, anchor_hash from audit_chains
  where published_sequence < sequence or published_anchor < anchor_sequence
  order by id limit ${AT_ONCE}`;
const PUBLISHED_SQL = `
  update audit_chains set published_sequence = greatest(published_sequence, $2),
    published_anchor = greatest(published_anchor, $3)
  where id = $1`;

/**
 * Stores the end of each chain in the bucket `auth_audit_heads`, outside of PostgreSQL, within a second. Whoever cuts
 * the end of a chain off, or writes it anew, there, does not reach the bucket. A head in the bucket never goes back.
 */
@Injectable()
export class AuditHeads implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(() => this.#run());
  #bucket: Bucket<AuditHead> | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** Returns the milliseconds until the next run. */
  async #run(): Promise<number> {
    try {
      const heads = await this.database.read((manager) => manager.query<AuditHead[]>(UNPUBLISHED_SQL));
      for (const head of heads) {
        await this.#store(head);
        const { chain, sequence, anchor_sequence } = head;
        await this.database.transaction(({ manager }) =>
          manager.query(PUBLISHED_SQL, [chain, sequence, anchor_sequence]),
        );
      }
      return heads.length === AT_ONCE ? 0 : EVERY_MS;
    } catch (error) {
      this.logger.log('audit.head_unpublished', { error });
      return EVERY_MS;
    }
  }

  async #store(head: AuditHead): Promise<void> {
    this.#bucket ??= await this.bus.bucket('auth_audit_heads', auditHeadSchema);
    for (;;) {
      const known = await this.#bucket.get(head.chain);
      if (known && !isAhead(head, known.value)) return;
      const stored = known
        ? await this.#bucket.update(head.chain, head, known.revision)
        : await this.#bucket.create(head.chain, head);
      if (stored !== null) return;
    }
  }
}

const isAhead = (head: AuditHead, known: AuditHead): boolean =>
  head.sequence >= known.sequence &&
  head.anchor_sequence >= known.anchor_sequence &&
  (head.sequence > known.sequence || head.anchor_sequence > known.anchor_sequence);
