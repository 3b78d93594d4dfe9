import { AppError } from '@gridworks/contracts';
import type { Email } from './email.ts';
import { NOTIFICATION_REFUSED } from './notification.errors.ts';

const MESSAGE_ID_FORM = /^<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>$/;
const SUBJECT_LENGTH = 200;
const HEADER_NAME = /^[A-Za-z0-9-]+$/;

export type ComposedMessage = ReturnType<typeof composeMessage>;

/** Puts any text on one line: a line break in a header would let the text add headers of its own. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();
}

/**
 * The mail in the form that nodemailer takes. Throws AppError NOTIFICATIONS.REFUSED for a mail that no server
 * could accept.
 */
export function composeMessage(email: Email, messageId: string) {
  if (email.to.length === 0) throw new AppError(NOTIFICATION_REFUSED, { detail: 'a mail needs a recipient' });
  for (const id of [messageId, email.inReplyTo]) {
    if (id !== undefined && !MESSAGE_ID_FORM.test(id))
      throw new AppError(NOTIFICATION_REFUSED, { detail: 'a message id must have the form <name@host>' });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(email.headers ?? {})) {
    if (!HEADER_NAME.test(name))
      throw new AppError(NOTIFICATION_REFUSED, { detail: 'a header has an invalid name' });
    headers[name] = oneLine(value);
  }
  const attachments = email.attachments?.map(({ fileName, contentType, content }) => ({
    ...{ filename: oneLine(fileName), contentType: oneLine(contentType), content },
  }));
  return {
    messageId,
    to: email.to.map(oneLine),
    subject: oneLine(email.subject).slice(0, SUBJECT_LENGTH),
    text: email.text,
    headers,
    ...(email.html === undefined ? {} : { html: email.html }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(email.inReplyTo === undefined ? {} : { inReplyTo: email.inReplyTo, references: email.inReplyTo }),
  };
}
