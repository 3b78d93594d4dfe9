import { notificationConfig } from '@gridworks/notifications';
import { z } from 'zod';

/** The variables of the services of others, as the healer has them. What is not set is not checked. */
export const externalConfig = {
  SMTP_URL: notificationConfig.SMTP_URL.optional(),
  TWILIO_ACCOUNT_SID: notificationConfig.TWILIO_ACCOUNT_SID,
  TWILIO_AUTH_TOKEN: notificationConfig.TWILIO_AUTH_TOKEN,
  MONITOR_TWILIO_URL: z.url().optional().describe('another address of Twilio, such as that of a region'),
  OPENAI_API_KEY: z.string().min(1).optional().describe('without it the model is not checked'),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.openai.com/v1')
    .describe('address of an OpenAI-compatible server: http(s)://…/v1'),
};
export type ExternalConfig = z.output<z.ZodObject<typeof externalConfig>>;
