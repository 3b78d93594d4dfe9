import { property } from './read-property.ts';

/**
 * The members in which libraries keep the wrapped error: the standard, nats, TypeORM, Sequelize, mysql,
 * node-redis, promises.
 */
const LINK_KEYS = [
  'cause',
  'driverError',
  'chainedError',
  'originalError',
  'original',
  'parent',
  'previous',
  'inner',
  'reason',
  'error',
  'socketError',
  'detail',
] as const;
const MAX_LINKS = 16;

/** Everything an error wraps, the outer errors first, each once, at most 16; cycles are handled. */
export function linksOf(error: unknown): readonly object[] {
  if (typeof error !== 'object' || error === null) return NONE;
  let links: object[] | undefined;
  let seen: Set<unknown> | undefined;
  const visit = (from: object) => {
    for (const key of LINK_KEYS) add(property(from, key), key);
    const members = property(from, 'errors');
    // By index: a list from outside may have any method.
    if (Array.isArray(members)) for (let at = 0; at < 4; at++) add(property(members, String(at)), 'errors');
  };
  const add = (value: unknown, key: string) => {
    if (typeof value !== 'object' || value === null) return;
    // In many responses `error` and `reason` are plain data; only an error is a cause.
    if ((key === 'error' || key === 'reason') && !(value instanceof Error)) return;
    links ??= [];
    seen ??= new Set([error]);
    if (seen.has(value) || links.length >= MAX_LINKS) return;
    seen.add(value);
    links.push(value);
  };
  visit(error);
  for (let at = 0; links !== undefined && at < links.length; at++) visit(links[at]!);
  return links ?? NONE;
}

const NONE: readonly object[] = [];
