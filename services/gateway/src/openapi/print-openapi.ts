import { PUBLIC_REQUESTS } from '@gridworks/contracts';
import { EVENTS_PAGE, PARTNER_EVENTS_PAGE } from '../live/events-page.ts';
import { PublicRoute } from '../routing/route-declaration.ts';
import { buildOpenApi } from './build-openapi.ts';

/**
 * Prints the OpenAPI document of a gateway built from these sources, without starting a gateway: `node
 * --conditions=source print-openapi.ts VERSION`. The console's build makes its reference pages from this
 * document.
 */
const [version = '0.0.0'] = process.argv.slice(2);
const routes = [...PUBLIC_REQUESTS, EVENTS_PAGE, PARTNER_EVENTS_PAGE].map(
  (served) => new PublicRoute(served),
);
process.stdout.write(JSON.stringify(buildOpenApi(routes, version)));
