import { defineError } from '@gridworks/contracts';

/** The message certainly did not arrive; sending it again later may help. */
export const NOTIFICATION_DEFERRED = defineError({
  code: 'NOTIFICATIONS.DEFERRED',
  kind: 'unavailable',
  title: 'The message could not be sent now',
  retryable: true,
});

/**
 * The connection broke after the message had been handed over: it may have arrived. Sending it again is safe
 * only with the same message id, by which mail servers and readers drop the duplicate.
 */
export const NOTIFICATION_UNCERTAIN = defineError({
  code: 'NOTIFICATIONS.UNCERTAIN',
  kind: 'deadline_exceeded',
  title: 'The message may or may not have been sent',
  retryable: true,
});

/**
 * Sending the same message again will fail again: a person must change the address, the credentials or the
 * message.
 */
export const NOTIFICATION_REFUSED = defineError({
  code: 'NOTIFICATIONS.REFUSED',
  kind: 'unprocessable',
  title: 'The message was refused',
});
