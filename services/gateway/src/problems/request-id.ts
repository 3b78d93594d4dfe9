import { newId } from '@gridworks/contracts';

const VISIBLE = /^[\x21-\x7e]{1,128}$/;

/** The caller's `X-Request-Id` when it is at most 128 visible ASCII characters, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && VISIBLE.test(header) ? header : newId('request');
}
