import { z } from 'zod';

const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(86_400_000).default(fallback);
const usd = (fallback: number) => z.coerce.number().min(0).max(1_000_000).default(fallback);
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), 'no credentials in it');

/** The model's members of the healer's configuration. */
export const modelConfig = {
  OPENAI_API_KEY: z.string().min(1).optional().describe('without it no prompt is ever sent'),
  OPENAI_BASE_URL: httpUrl
    .default('https://api.openai.com/v1')
    .describe('address of an OpenAI-compatible server: http(s)://…/v1'),
  OPENAI_MODEL: z.string().min(1).max(100).default('gpt-4.1').describe('name of the model'),
  OPENAI_BACKUP_BASE_URL: httpUrl
    .optional()
    .describe('used when OPENAI_BASE_URL does not respond: http(s)://…/v1'),
  OPENAI_BACKUP_API_KEY: z.string().min(1).optional().describe('key for the backup; default: the same'),
  OPENAI_BACKUP_MODEL: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('model of the backup; default: the same'),
  HEALER_MODEL_ATTEMPT_MS: milliseconds(20_000).describe('how long one call of the model may take'),
  HEALER_MODEL_DEADLINE_MS: milliseconds(60_000).describe('how long one prompt may take, retries included'),
  HEALER_MODEL_REPLY_TOKENS: count(600).describe('longest reply of the model'),
  HEALER_MODEL_CALLS_PER_HOUR: count(20).describe('calls of the model within an hour, repeats included'),
  HEALER_MODEL_TOKENS_PER_DAY: count(200_000).describe('tokens sent and received in a day (UTC)'),
  HEALER_MODEL_COST_PER_DAY_USD: usd(2).describe('what the model may cost in a day (UTC)'),
  HEALER_MODEL_INPUT_USD_PER_MILLION_TOKENS: usd(2).describe('price of tokens sent'),
  HEALER_MODEL_OUTPUT_USD_PER_MILLION_TOKENS: usd(8).describe('price of tokens received'),
};
export type ModelConfig = z.output<z.ZodObject<typeof modelConfig>>;
