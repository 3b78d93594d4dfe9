import { z } from 'zod';

const listOf = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(/[,;\s]+/)
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(item));

const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number like +4915112345678');

const smtpUrl = z.string().regex(/^smtps?:\/\//);

/** For the schema of a service that sends notifications: `sharedConfig.extend(notificationConfig)`. */
export const notificationConfig = {
  SMTP_URL: smtpUrl.describe('smtp://user:password@host:587 or smtps://...'),
  SMTP_BACKUP_URL: smtpUrl
    .optional()
    .describe('another mail server of the same form, used when the first does not accept a mail'),
  EMAIL_FROM: z
    .string()
    .regex(/^[^\r\n]+$/)
    .default('GridWorks Partner Portal <portal@gridworks.example>')
    .describe('sender of mails'),
  ADMIN_EMAILS: listOf(z.email())
    .pipe(z.array(z.string()).min(1))
    .describe('addresses of the admins, separated by commas'),
  ADMIN_PHONES: listOf(phone)
    .optional()
    .describe('numbers of the admins in the form +4915112345678, separated by commas'),
  TWILIO_ACCOUNT_SID: z.string().min(1).optional().describe('account of Twilio; without it no SMS is sent'),
  TWILIO_AUTH_TOKEN: z.string().min(1).optional().describe('token of the Twilio account'),
  TWILIO_FROM: phone.optional().describe('number that SMS are sent from'),
  SMS_SINK_URL: z
    .url()
    .optional()
    .describe('address that shows SMS, marked as not sent, while Twilio is not configured'),
  SMS_SINK_TOKEN: z.string().min(1).optional().describe('token for that address'),
  PORTAL_URL: z
    .url()
    .default('http://127.0.0.1:8080')
    .describe('address of the portal for people; for links'),
};
