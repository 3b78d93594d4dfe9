import type { ServiceName } from '@gridworks/contracts';

/**
 * Variables that every service, Node or the libraries in it read. NODE_OPTIONS is not among them: it is meant
 * for the program that was started by hand.
 */
const FOR_ALL =
  /^(LOG_LEVEL|HEALTH_HOST|DRAIN_TIMEOUT_MS|OTEL_\w+|NODE_(?!OPTIONS$)\w+|UV_THREADPOOL_SIZE|PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|SSL_CERT_(FILE|DIR)|PGSSL[A-Z]+)$/;

/** Further variables beside its own prefix (`BILLING_…`). */
const MORE: Partial<Record<ServiceName, RegExp>> = {
  gateway: /^HOST$/,
  // For mails to persons.
  auth: /^(SMTP_(BACKUP_)?URL|EMAIL_FROM|PORTAL_URL)$/,
  // For invoices by mail, payments, and links to the portal.
  billing: /^(SMTP_(BACKUP_)?URL|EMAIL_FROM|PORTAL_URL|STRIPE_(SECRET_KEY|WEBHOOK_SECRET|API_BASE))$/,
  // For its checks of the services of others, over the same proxy.
  monitor: /^(SMTP_URL|TWILIO_(ACCOUNT_SID|AUTH_TOKEN)|OPENAI_(API_KEY|BASE_URL)|https?_proxy|no_proxy)$/i,
  // For notifications, the model, and the proxy to a provider.
  healer:
    /^(SMTP_(BACKUP_)?URL|OPENAI_\w+|EMAIL_FROM|ADMIN_(EMAILS|PHONES)|TWILIO_\w+|SMS_SINK_\w+|PORTAL_URL|https?_proxy|no_proxy)$/i,
};

/**
 * The part of an environment that a service may see: the shared variables and its own. Passwords of other
 * services, which `.env` may contain for compose, are left out. Empty variables count as not set.
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
