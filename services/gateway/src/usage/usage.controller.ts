import { getCallSeries, getLatencySeries, getUsage, type OutputOf } from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';
import { renderCsv } from './csv.ts';

/** Usage and its charts, as JSON or as a table for a spreadsheet. */
@Controller()
export class UsageController {
  constructor(readonly services: RequestForwarder) {}

  @Serve(getUsage)
  usage(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#respond(request, reply, 'usage', ({ groups, days }: OutputOf<typeof getUsage>) =>
      groups
        ? renderCsv(
            [groups.by, 'calls', 'reported_units', 'cost', 'currency'],
            groups.data.map((one) => [
              ...[one.group, one.calls, one.reported_units, one.cost, groups.currency],
            ]),
          )
        : renderCsv(
            ['date', 'calls', 'test_calls'],
            days.map(({ date, calls, test_calls }) => [date, calls, test_calls]),
          ),
    );
  }

  @Serve(getCallSeries)
  calls(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#respond(
      request,
      reply,
      'calls',
      ({ times, by, series, other }: OutputOf<typeof getCallSeries>) => {
        const lines = [...series, ...(other ? [{ value: 'other', calls: other.calls }] : [])];
        const rows = times.flatMap((time, at) =>
          lines.map(({ value, calls }) => [time, value, calls[at] ?? 0]),
        );
        return renderCsv(['from', by, 'calls'], rows);
      },
    );
  }

  @Serve(getLatencySeries)
  latency(@Req() request: PublicRequest, @Res({ passthrough: true }) reply: PublicReply) {
    return this.#respond(request, reply, 'latency', (response: OutputOf<typeof getLatencySeries>) =>
      renderCsv(
        ['from', 'calls', 'p50_ms', 'p95_ms'],
        response.times.map((time, at) => [
          time,
          response.calls[at] ?? 0,
          response.p50_ms[at] ?? null,
          response.p95_ms[at] ?? null,
        ]),
      ),
    );
  }

  /** Sends the service's JSON unchanged, or its content rendered by `render`. */
  async #respond<T>(
    request: PublicRequest,
    reply: PublicReply,
    name: string,
    render: (response: T) => string,
  ): Promise<string> {
    const json = await this.services.forward(request);
    reply.header('vary', 'accept');
    if (!wantsCsv(request)) return json;
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', `attachment; filename="${name}.csv"`);
    return render(JSON.parse(json) as T);
  }
}

function wantsCsv({ call, headers }: PublicRequest): boolean {
  const { format } = (call?.input ?? {}) as { format?: string };
  if (format) return format === 'csv';
  return /(^|,)\s*text\/csv\b/i.test(headers.accept ?? '');
}
