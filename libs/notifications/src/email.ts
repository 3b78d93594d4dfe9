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
}
