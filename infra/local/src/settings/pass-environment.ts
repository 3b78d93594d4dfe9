import type { ServiceName } from '@gridworks/contracts';

/** What every service, Node or the libraries in it read. NODE_OPTIONS is meant for the program that was started by hand. */
const FOR_ALL =
  /^(LOG_LEVEL|HEALTH_HOST|DRAIN_TIMEOUT_MS|OTEL_\w+|NODE_(?!OPTIONS$)\w+|UV_THREADPOOL_SIZE|PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|SSL_CERT_(FILE|DIR)|PGSSL[A-Z]+)$/;

/** Beyond its own prefix (`BILLING_…`). */
const MORE: Partial<Record<ServiceName, RegExp>> = {
  gateway: /^HOST$/,
  // Who notifies, asks the model, and reaches a provider on the way out.
  healer:
    /^(SMTP_(BACKUP_)?URL|OPENAI_\w+|EMAIL_FROM|ADMIN_(EMAILS|PHONES)|TWILIO_\w+|SMS_SINK_\w+|PORTAL_URL|https?_proxy|no_proxy)$/i,
};

/**
 * The part of an environment that a service may see: what all read, and what is its own. Passwords of others, which
 * `.env` may hold for compose, are none of its business. Empty variables count as not set.
 */
export function passEnvironment(
  service: ServiceName,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const prefix = `${service.toUpperCase()}_`;
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!value) continue;
    if (FOR_ALL.test(name) || name.startsWith(prefix) || MORE[service]?.test(name)) passed[name] = value;
  }
  return passed;
}
