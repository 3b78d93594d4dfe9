export { oneLine } from './compose-message.ts';
export type { Email } from './email.ts';
export {
  type EmailReceipt,
  type EmailSender,
  SmtpEmailSender,
  type SmtpOptions,
} from './email-sender.ts';
export { type IncidentMailOptions, type RenderedMail, renderIncidentMail } from './incident-mail.ts';
export { type Letter, renderLetterAsHtml, renderLetterAsText } from './letter.ts';
export { notificationConfig } from './notification.config.ts';
export * from './notification.errors.ts';
export {
  AdminNotifier,
  createSmsSender,
  type NotificationConfig,
  type NotificationReceipt,
  type Notifier,
  type NotifierOptions,
} from './notifier.ts';
export { probeSmtp } from './probe-smtp.ts';
export { probeTwilio, type TwilioAccount } from './probe-twilio.ts';
export {
  type SinkOptions,
  SinkSmsSender,
  type Sms,
  type SmsReceipt,
  type SmsSender,
  type TwilioOptions,
  TwilioSmsSender,
} from './sms-sender.ts';
