export * from './index.ts';
export {
  verifyWebhook,
  type Webhook,
  type WebhookOptions,
  type WebhookRequest,
} from './webhooks/verify-webhook.ts';
