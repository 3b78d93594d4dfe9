import { APP_RULES } from './app.rules.ts';
import { HTTP_RULES } from './http.rules.ts';
import { HTTP_WORDS_RULES } from './http-words.rules.ts';
import { JETSTREAM_RULES } from './jetstream.rules.ts';
import { KUBERNETES_RULES } from './kubernetes.rules.ts';
import { NATS_RULES } from './nats.rules.ts';
import { NATS_WORDS_RULES } from './nats-words.rules.ts';
import { NODE_RULES } from './node.rules.ts';
import { OPENAI_RULES } from './openai.rules.ts';
import { PORTAL_RULES } from './portal.rules.ts';
import { POSTGRES_CLIENT_RULES } from './postgres-clients.rules.ts';
import { POSTGRES_SQLSTATE_RULES } from './postgres-sqlstate.rules.ts';
import { POSTGRES_WORDS_RULES } from './postgres-words.rules.ts';
import { PROCESS_WORDS_RULES } from './process-words.rules.ts';
import { REDIS_RULES } from './redis.rules.ts';
import { REDIS_WORDS_RULES } from './redis-words.rules.ts';
import type { RuleTable } from './rule.ts';
import { SMTP_RULES } from './smtp.rules.ts';
import { STRIPE_RULES } from './stripe.rules.ts';
import { SYSTEM_RULES } from './system.rules.ts';
import { TWILIO_RULES } from './twilio.rules.ts';

/** All tables, in the order in which message patterns of the same dependency are tried. */
export const RULE_TABLES: readonly RuleTable[] = [
  POSTGRES_SQLSTATE_RULES,
  POSTGRES_CLIENT_RULES,
  POSTGRES_WORDS_RULES,
  NATS_WORDS_RULES,
  NATS_RULES,
  JETSTREAM_RULES,
  REDIS_WORDS_RULES,
  REDIS_RULES,
  OPENAI_RULES,
  STRIPE_RULES,
  TWILIO_RULES,
  SMTP_RULES,
  KUBERNETES_RULES,
  PORTAL_RULES,
  APP_RULES,
  SYSTEM_RULES,
  NODE_RULES,
  PROCESS_WORDS_RULES,
  HTTP_RULES,
  HTTP_WORDS_RULES,
];
