import { Readable } from 'node:stream';
import { Bus } from '@gridworks/bus';
import { type AuditEntry, exportAllAudit, exportAudit, type OutputOf } from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { renderCsvRows } from '../usage/csv.ts';

type Export = typeof exportAudit | typeof exportAllAudit;
type Batch = OutputOf<Export>;

/** The columns of the table, in their order. */
const COLUMNS: readonly (readonly [string, (entry: AuditEntry) => unknown])[] = [
  ['id', ({ id }) => id],
  ['chain', ({ chain }) => chain],
  ['sequence', ({ sequence }) => sequence],
  ['at', ({ at }) => at],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['code', ({ code }) => code],
  ['actor_kind', ({ actor }) => actor.kind],
  ['actor', ({ actor }) => actor.id],
  ['role', ({ actor }) => actor.role],
  ['impersonator', ({ actor }) => actor.impersonator],
  ['object_kind', ({ object_kind }) => object_kind],
  ['object_id', ({ object_id }) => object_id],
  ['before', ({ before }) => before],
  ['after', ({ after }) => after],
  ['request_id', ({ request_id }) => request_id],
  ['network', ({ network }) => network],
  ['user_agent', ({ user_agent }) => user_agent],
  ['recorded_at', ({ recorded_at }) => recorded_at],
  ['hash', ({ hash }) => hash],
];

const cellOf = (value: unknown): string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);

/** The audit log as a file. Entries are read and sent in batches, so that a long log needs no memory. */
@Controller()
export class AuditExportController {
  constructor(
    readonly services: RequestForwarder,
    readonly bus: Bus,
  ) {}

  @Serve(exportAudit)
  own(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#send(exportAudit, request, reply);
  }

  @Serve(exportAllAudit)
  all(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#send(exportAllAudit, request, reply);
  }

  /** A refusal or outage before the first batch is a problem document; a later one breaks the connection off. */
  async #send(contract: Export, request: PublicRequest, reply: PublicReply): Promise<void> {
    const { format = 'ndjson' } = (request.call?.input ?? {}) as { format?: 'csv' | 'ndjson' };
    const first = JSON.parse(await this.services.forward(request)) as Batch;
    const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
    reply.header('content-type', `${type}; charset=utf-8`);
    reply.header('content-disposition', `attachment; filename="audit.${format}"`);
    reply.send(Readable.from(this.#lines(contract, request, first, format)));
  }

  async *#lines(
    contract: Export,
    { call }: PublicRequest,
    first: Batch,
    format: 'csv' | 'ndjson',
  ): AsyncGenerator<string> {
    if (format === 'csv') yield renderCsvRows([COLUMNS.map(([name]) => name)]);
    for (let batch = first; ; ) {
      yield format === 'csv'
        ? renderCsvRows(batch.data.map((entry) => COLUMNS.map(([, read]) => cellOf(read(entry)))))
        : batch.data.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      const last = batch.data.at(-1);
      if (!batch.has_more || !last) return;
      const principal = call?.caller?.principal;
      batch = await this.bus.request(contract, { ...(call?.input as object), after: last.id }, { principal });
    }
  }
}
