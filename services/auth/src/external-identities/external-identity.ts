/** A row of `external_identities`: a log-in at a provider that belongs to a user. */
export interface ExternalIdentity {
  readonly id: string;
  readonly user_id: string;
  /** The id of the provider in the configuration. */
  readonly provider: string;
  /** The provider's own name for the person. */
  readonly subject: string;
  /** The address at the provider, as it was at the last log-in. */
  readonly email: string | null;
  readonly linked_at: Date;
  readonly last_used_at: Date | null;
}
