import type { ModelConfig } from './model.config.ts';

/** A server that speaks the protocol, and its API key. */
export interface ModelEndpoint {
  /** `http(s)://…/v1`. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** The most that the model may use, over all healers. */
export interface ModelCaps {
  readonly callsPerHour: number;
  /** In a UTC day, input and output together. */
  readonly tokensPerDay: number;
  readonly usdPerDay: number;
  readonly usdPerMillionIn: number;
  readonly usdPerMillionOut: number;
}

export interface ModelSettings {
  readonly primary: ModelEndpoint;
  readonly backup: ModelEndpoint | null;
  /** Milliseconds: one attempt, and one prompt with all its retries. */
  readonly attemptMs: number;
  readonly deadlineMs: number;
  /** Longest reply, in tokens. */
  readonly replyTokens: number;
  readonly caps: ModelCaps;
}

/** The model's settings from the configuration; null without an API key: then nothing is ever sent. */
export function modelSettings(config: ModelConfig): ModelSettings | null {
  const { OPENAI_API_KEY: key, OPENAI_MODEL: model, OPENAI_BACKUP_BASE_URL: backupUrl } = config;
  if (!key) return null;
  return {
    primary: { url: config.OPENAI_BASE_URL, key, model },
    backup: backupUrl
      ? {
          url: backupUrl,
          key: config.OPENAI_BACKUP_API_KEY ?? key,
          model: config.OPENAI_BACKUP_MODEL ?? model,
        }
      : null,
    attemptMs: Math.min(config.HEALER_MODEL_ATTEMPT_MS, config.HEALER_MODEL_DEADLINE_MS),
    deadlineMs: config.HEALER_MODEL_DEADLINE_MS,
    replyTokens: config.HEALER_MODEL_REPLY_TOKENS,
    caps: {
      callsPerHour: config.HEALER_MODEL_CALLS_PER_HOUR,
      tokensPerDay: config.HEALER_MODEL_TOKENS_PER_DAY,
      usdPerDay: config.HEALER_MODEL_COST_PER_DAY_USD,
      usdPerMillionIn: config.HEALER_MODEL_INPUT_USD_PER_MILLION_TOKENS,
      usdPerMillionOut: config.HEALER_MODEL_OUTPUT_USD_PER_MILLION_TOKENS,
    },
  };
}
