import { PUBLIC_REQUESTS } from '@gridworks/contracts';
import { gauge } from '@gridworks/observability';
import type { SetupContext } from '@gridworks/runtime';
import type { INestApplicationContext } from '@nestjs/common';
import { ConsoleFiles } from './console/console-files.ts';
import { serveConsole } from './console/serve-console.ts';
import type { GatewayConfig } from './gateway.config.ts';
import { trustedProxies } from './limits/caller-address.ts';
import { limitConnections } from './limits/connection-limit.ts';
import { OpenRequests } from './limits/open-requests.ts';
import { EventFeed } from './live/event-feed.ts';
import { UsageJournal } from './metering/usage-journal.ts';
import { takeOnlyJson } from './routing/body-parser.ts';
import { CallLog } from './routing/call-log.ts';
import { forwardContracts } from './routing/forward-contracts.ts';
import { respondToRawErrors } from './routing/raw-errors.ts';
import { RequestForwarder } from './routing/request-forwarder.ts';
import { takeUnknownExpectations } from './routing/request-framing.ts';
import { RequestPipeline } from './routing/request-pipeline.ts';

/**
 * Registers the gateway's hooks and routes before the routes of Nest's controllers, in the order in which a
 * request passes them.
 */
export async function openHttp(
  app: INestApplicationContext,
  context: SetupContext<GatewayConfig>,
): Promise<void> {
  const { http, config, logger } = context;
  if (!http) throw new Error('the gateway needs an HTTP application');
  const fastify = http.getHttpAdapter().getInstance();
  const pipeline = app.get(RequestPipeline);
  pipeline.attach(fastify);
  const calls = new CallLog(logger, config.GATEWAY_SLOW_MS);
  calls.attach(fastify);
  context.load.addMeters(() => calls.meters());
  respondToRawErrors(http.getHttpServer());
  takeUnknownExpectations(http.getHttpServer());
  limitConnections(http.getHttpServer(), {
    perAddress: config.GATEWAY_MAX_CONNECTIONS_PER_ADDRESS,
    isProxy: trustedProxies(config.GATEWAY_TRUSTED_PROXIES),
  });
  // Nest adds body parsers of its own while it initialises; they are replaced afterwards.
  await http.init();
  takeOnlyJson(fastify);
  forwardContracts(fastify, app.get(RequestForwarder), PUBLIC_REQUESTS, pipeline.routes);
  serveConsole(fastify, app.get(ConsoleFiles), pipeline.routes, logger);
  const feed = app.get(EventFeed);
  context.onDrain('event streams', () => feed.close());
  const journal = app.get(UsageJournal);
  gauge('gateway_usage_backlog_bytes', 'Metered calls that wait for the bus', [], () => journal.backlogBytes);
  const open = app.get(OpenRequests);
  gauge('gateway_open_callers', 'Callers that have a request open', [], () => open.callers);
  gauge('gateway_working_calls', 'Calls that are worked on', [], () => open.working);
  gauge('gateway_event_streams', 'Open event streams', [], () => feed.size);
}
