import { appRules } from './app.rules.ts';
import { httpRules } from './http.rules.ts';
import { httpWordsRules } from './http-words.rules.ts';
import { jetstreamRules } from './jetstream.rules.ts';
import { kubernetesRules } from './kubernetes.rules.ts';
import { natsRules } from './nats.rules.ts';
import { natsWordsRules } from './nats-words.rules.ts';
import { nodeRules } from './node.rules.ts';
import { openaiRules } from './openai.rules.ts';
import { portalRules } from './portal.rules.ts';
import { postgresClientRules } from './postgres-clients.rules.ts';
import { postgresSqlstateRules } from './postgres-sqlstate.rules.ts';
import { postgresWordsRules } from './postgres-words.rules.ts';
import { processWordsRules } from './process-words.rules.ts';
import { redisRules } from './redis.rules.ts';
import { redisWordsRules } from './redis-words.rules.ts';
import type { RuleTable } from './rule.ts';
import { smtpRules } from './smtp.rules.ts';
import { stripeRules } from './stripe.rules.ts';
import { systemRules } from './system.rules.ts';
import { twilioRules } from './twilio.rules.ts';

/** All tables, in the order in which message patterns of the same dependency are tried. */
export const RULE_TABLES: readonly RuleTable[] = [
  postgresSqlstateRules,
  postgresClientRules,
  postgresWordsRules,
  natsWordsRules,
  natsRules,
  jetstreamRules,
  redisWordsRules,
  redisRules,
  openaiRules,
  stripeRules,
  twilioRules,
  smtpRules,
  kubernetesRules,
  portalRules,
  appRules,
  systemRules,
  nodeRules,
  processWordsRules,
  httpRules,
  httpWordsRules,
];
