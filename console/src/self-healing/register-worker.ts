/** Trusted Types as far as they are used here; TypeScript's DOM library has none. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

const WORKER = '/sw.js';

/** Starts the worker that shows the console without a network. The policy `portal` lets through its address and no other. */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const rules = {
    createScriptURL: (url: string) => {
      if (url !== WORKER) throw new TypeError(`no script of ours: ${url}`);
      return url;
    },
  };
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('portal', rules) ?? rules;
  navigator.serviceWorker.register(policy.createScriptURL(WORKER)).catch(() => undefined);
}
