/** The part of Trusted Types that is used here; TypeScript's DOM library has none. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

const WORKER = '/sw.js';

/**
 * Starts the worker that shows the console without a network. The policy `portal` permits the worker's
 * address and no other.
 */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const rules = {
    createScriptURL: (url: string) => {
      if (url !== WORKER) throw new TypeError(`not a script of the console: ${url}`);
      return url;
    },
  };
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('portal', rules) ?? rules;
  navigator.serviceWorker.register(policy.createScriptURL(WORKER)).catch(() => undefined);
}
