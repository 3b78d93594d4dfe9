import { type Operation, type RawDocument, resolve } from './open-api.ts';

/** What the pages of this origin use for themselves: calling it would replace or end the session that the explorer lives by. */
const TAGS_OF_PAGES = new Set(['browser-sessions', 'explorer-keys', 'frontend-reports']);

/**
 * Whether the API explorer can call an operation at all. It asks for no password, reads no stream that never ends, and leaves alone
 * what pages use for themselves. Who may call it is another question.
 */
export function canBeTried(document: RawDocument, { tag, success, body }: Operation): boolean {
  if (TAGS_OF_PAGES.has(tag) || success.mediaType === 'text/event-stream') return false;
  const members = body ? resolve(document, body).schema.properties : undefined;
  return !Object.keys(members ?? {}).some((name) => name.includes('password'));
}
