/// <reference lib="webworker" />
export {};

/**
 * Shows the console without a network. Pages are fetched from the network first, and from the cache when that
 * fails; built files, whose names change with their content, from the cache first. The worker does not handle
 * the API: no `/v1`, no stream.
 */
declare const self: ServiceWorkerGlobalScope;
/** Set by the build: its id, and the files that the application needs to start. */
declare const __BUILD__: string;
declare const __SHELL__: readonly string[];

const CACHE = `console-${__BUILD__}`;
const SHELL = '/app.html';
const OFFLINE = '/offline.html';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...__SHELL__]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/v1/'))
    return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
});

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    const pages = new URL(request.url).pathname;
    const shown = isOfApplication(pages) ? await cache.match(SHELL) : undefined;
    return shown ?? (await cache.match(OFFLINE)) ?? Response.error();
  }
}

/**
 * The addresses of the application. Static pages, documents and other programs' addresses are not among them.
 */
declare const __PAGES__: readonly string[];
function isOfApplication(path: string): boolean {
  return __PAGES__.some((known) => new RegExp(`^${known.replace(/:\w+/g, '[^/]+')}$`).test(path));
}

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
