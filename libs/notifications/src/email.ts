export interface Attachment {
  /** Without a path: `GW-2026-000042.pdf`. */
  readonly fileName: string;
  /** A media type: `application/pdf`. */
  readonly contentType: string;
  readonly content: Buffer;
}

export interface Email {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /**
   * Identifies the message, `<inc_1.resolved@portal>`: mail readers show two messages with one id once.
   * Default: random.
   */
  readonly messageId?: string;
  /** Message id of the mail that this one follows up, so that readers show both in one thread. */
  readonly inReplyTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly Attachment[];
}
