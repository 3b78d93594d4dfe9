export interface Email {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /**
   * Names the message, `<inc_1.resolved@portal>`: what is sent twice under one id is shown once. Default: random.
   */
  readonly messageId?: string;
  /** Message id of the mail that this one answers, so that readers show both in one thread. */
  readonly inReplyTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
