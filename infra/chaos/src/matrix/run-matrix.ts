import { randomInt } from 'node:crypto';
import { type IdPosition, inputWith, newId, pathParameters, sampleInput } from '@gridworks/contracts';
import type { Response } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { seededRandom } from '../system/seeded-random.ts';
import { type MatrixCaller, makeCallers } from './callers.ts';
import { expectOutcome } from './expect-outcome.ts';
import { ManyAddresses } from './many-addresses.ts';
import { PortalPeople } from './portal-people.ts';
import { isForPartners, MATRIX_ROUTES, type MatrixRoute, nameOf } from './routes.ts';
import { makeVictim, type Victim, type VictimKind, WITHOUT_VICTIM } from './victim.ts';

export interface MatrixOptions {
  /** The share of the cells that is tried; 1: all of them. */
  readonly share: number;
  readonly seed: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface MatrixReport {
  readonly routes: number;
  readonly callers: number;
  /** Requests of a caller to a route. */
  readonly cells: number;
  /** Places of ids in routes of partners. */
  readonly positions: number;
  /** Requests that read everything that a caller may read, and must find nothing of another partner. */
  readonly reads: number;
  /** Requests that name an object of another partner. */
  readonly foreign: number;
  /** What was not as it must be, one line each. */
  readonly leaks: readonly string[];
}

/** No contract knows it: a request that passes authorization is refused for it, and has no effect. */
const UNKNOWN_MEMBER = 'matrix_probe';
const AT_ONCE = 8;
/** A list may grow between two requests; what leaks does so again. */
const TRIES = 3;
const TIMEOUT_MS = 10_000;

interface Cell {
  readonly route: MatrixRoute;
  readonly caller: MatrixCaller;
}

/**
 * Sends the request of every route as every caller, reads what each may read, and names objects of another partner in every place
 * where a request names one. Nobody may get further than the table of permissions says or see anything of the other partner, an id of
 * that partner is answered as one that does not exist, and the partner's rows are afterwards what they were.
 */
export async function runMatrix(system: RunningSystem, options: MatrixOptions): Promise<MatrixReport> {
  const { say, signal, seed, share } = options;
  const people = await PortalPeople.open(system);
  const client = new ManyAddresses(system.url);
  const leaks: string[] = [];
  const random = seededRandom(seed);
  const drawn = <T>(all: readonly T[]): T[] => (share >= 1 ? [...all] : all.filter(() => random() < share));
  try {
    say('callers are made');
    const callers = await makeCallers(people);
    const victim = await makeVictim(people, `Victim${randomInt(2 ** 40).toString(36)}`);
    const before = await victim.fingerprint();
    const cells = drawn(MATRIX_ROUTES.flatMap((route) => callers.map((caller) => ({ route, caller }))));
    say(`${cells.length} requests of ${callers.length} callers to ${MATRIX_ROUTES.length} routes`);
    await each(cells, signal, async (cell) => {
      const wrong = await tryCell(client, cell);
      if (wrong) leaks.push(wrong);
    });
    const reads = drawn(readCells(callers));
    say(`${reads.length} requests that read what there is`);
    await each(reads, signal, async (cell) => {
      leaks.push(...(await tryRead(client, cell, victim)));
    });
    const foreign = drawn(foreignCells(callers));
    say(`${foreign.length} requests that name an object of another partner`);
    await each(foreign, signal, async (cell) => {
      leaks.push(...(await tryForeign(client, cell, victim)));
    });
    leaks.push(...changes(before, await victim.fingerprint()));
    return {
      ...{ routes: MATRIX_ROUTES.length, callers: callers.length, cells: cells.length },
      positions: new Set(
        foreignCells(callers).map(({ route, position }) => `${nameOf(route)} ${position.path}`),
      ).size,
      ...{ reads: reads.length, foreign: foreign.length, leaks },
    };
  } finally {
    client.close();
    await people.close();
  }
}

async function tryCell(client: ManyAddresses, { route, caller }: Cell): Promise<string | null> {
  const expected = expectOutcome(route, caller.standing);
  const { status, body } = await send(client, route, caller, { [UNKNOWN_MEMBER]: '1' });
  const code = codeOf(body);
  const where = `${nameOf(route)} by ${caller.name}`;
  if (expected !== 'pass') {
    const isRefused = route.contract ? code === expected : status === 401 || status === 403;
    return isRefused ? null : `${where}: ${status} ${code ?? ''}, expected ${expected}`;
  }
  // A page of the gateway has no input to refuse; some are for a browser alone, or want a signature.
  if (route.refuses)
    return route.refuses.includes(status)
      ? null
      : `${where}: ${status}, expected ${route.refuses.join(' or ')}`;
  const passed = route.contract ? code === 'PLATFORM.INVALID_INPUT' : status !== 401 && status !== 403;
  return passed ? null : `${where}: ${status} ${code ?? ''}, expected to pass`;
}

interface ForeignCell extends Cell {
  readonly position: IdPosition;
}

/** Routes for partners, each by every caller that may call it for a partner or for themselves. */
const ownCells = (callers: readonly MatrixCaller[]): Cell[] =>
  MATRIX_ROUTES.filter(isForPartners).flatMap((route) =>
    callers
      .filter(({ standing }) => expectOutcome(route, standing) === 'pass' && standing.kind !== 'nobody')
      .filter(({ standing }) => !(standing.kind === 'person' && seesEveryPartner(route, standing.role)))
      .map((caller) => ({ route, caller })),
  );

/** What they may read without the id of an object: lists, summaries, exports. */
const readCells = (callers: readonly MatrixCaller[]): Cell[] =>
  ownCells(callers).filter(
    ({ route }) => route.method === 'GET' && !route.streams && pathParameters(route.path).length === 0,
  );

/** Every place where their requests name an object. */
const foreignCells = (callers: readonly MatrixCaller[]): ForeignCell[] =>
  ownCells(callers).flatMap((cell) =>
    cell.route.positions
      .filter(({ kind }) => WITHOUT_VICTIM[kind] === undefined)
      .map((position) => ({ ...cell, position })),
  );

const seesEveryPartner = ({ path }: MatrixRoute, role: string): boolean =>
  role.startsWith('platform_') && path.startsWith('/v1/admin/');

/** Reads what there is, with the members that the contract requires. A response that shows nothing proves nothing. */
async function tryRead(client: ManyAddresses, { route, caller }: Cell, victim: Victim): Promise<string[]> {
  const where = `${nameOf(route)} by ${caller.name}`;
  const input = route.contract ? sampleInput(route.contract) : {};
  const { status, body } = await send(client, route, caller, input);
  if (route.refuses?.includes(status)) return [];
  if (status !== 200) return [`${where}: ${status} ${codeOf(body) ?? ''}, expected what it may read`];
  return shown(body, [...victim.secrets, ...Object.values(victim.ids)]).map(
    (what) => `${where}: shows ${what} of another partner`,
  );
}

function shown(body: unknown, secrets: readonly string[]): string[] {
  const text = JSON.stringify(body) ?? '';
  return secrets.filter((secret) => text.includes(secret));
}

async function tryForeign(client: ManyAddresses, cell: ForeignCell, victim: Victim): Promise<string[]> {
  const { route, caller, position } = cell;
  const id = victim.ids[position.kind as VictimKind];
  const where = `${nameOf(route)}, ${position.path.join('.')} of another partner, by ${caller.name}`;
  let foreign = await send(client, route, caller, inputFor(route, position, id));
  let differs: string | null = null;
  for (let tries = 0; tries < TRIES && (tries === 0 || differs !== null); tries++) {
    const missing = newId(position.kind);
    const unknown = await send(client, route, caller, inputFor(route, position, missing));
    const seen = [shapeOf(foreign, id), shapeOf(unknown, missing)] as const;
    differs = seen[0] === seen[1] ? null : `${seen[0]} / ${seen[1]}`;
    if (differs !== null) foreign = await send(client, route, caller, inputFor(route, position, id));
  }
  const found = shown(foreign.body, victim.secrets).map((secret) => `${where}: shows ${secret}`);
  if (differs !== null && !movesBySeeing(cell))
    found.push(`${where}: differs from an unknown id: ${differs}`);
  const isRefused = foreign.status >= 400 || route.method === 'GET';
  if (!isRefused) found.push(`${where}: ${foreign.status}`);
  return found;
}

const inputFor = ({ contract }: MatrixRoute, position: IdPosition, id: string) =>
  contract ? inputWith(contract, position, id) : { id };

/** Each request of support in the name of a partner is itself an entry of the partner's audit log. */
const movesBySeeing = ({ route, caller }: ForeignCell): boolean =>
  caller.standing.kind === 'impersonator' && route.path.startsWith('/v1/audit');

/** A response without what differs between any two. */
function shapeOf({ status, body }: Response, id: string): string {
  const text = JSON.stringify(body) ?? '';
  return `${status} ${text
    .replaceAll(id, '<id>')
    .replaceAll(/req_[0-9A-Za-z]{22}/g, '<request>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')}`;
}

function send(
  client: ManyAddresses,
  { method, path, streams }: MatrixRoute,
  { token }: MatrixCaller,
  input: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const rest = { ...input };
  let address = path;
  for (const name of pathParameters(path)) {
    address = address.replace(`:${name}`, encodeURIComponent(String(rest[name] ?? 'unknown')));
    delete rest[name];
  }
  const common = {
    method,
    token,
    timeoutMs: TIMEOUT_MS,
    headOnly: streams === true,
  };
  if (method === 'POST' || method === 'PUT' || method === 'PATCH')
    return client.call(address, { ...common, body: rest });
  const query = new URLSearchParams(
    Object.entries(rest).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    ),
  ).toString();
  return client.call(query === '' ? address : `${address}?${query}`, common);
}

const codeOf = (body: unknown): string | undefined => (body as { code?: string } | null)?.code;

function changes(before: string, after: string): string[] {
  const now = after.split('\n');
  return before
    .split('\n')
    .flatMap((line, at) =>
      line === now[at] ? [] : [`rows of the other partner changed: ${line} / ${now[at]}`],
    );
}

/** Runs them, eight at a time, and stops at the first error. */
async function each<T>(
  all: readonly T[],
  signal: AbortSignal,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all].reverse();
  const worker = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      signal.throwIfAborted();
      await work(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
