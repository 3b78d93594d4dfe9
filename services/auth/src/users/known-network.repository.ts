import type { Transaction } from '@gridworks/persistence';
import { clientNetwork } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';

/** How long a network stays known after its last log-in, in days. */
export const KNOWN_FOR_DAYS = 90;
/** Networks for each user; the one with the oldest log-in is deleted first. */
const MAX_NETWORKS = 20;

/** SQL for the digest of a user's id and a network. */
export const networkDigest = (userId: string, network: string): string =>
  `encode(sha256(convert_to(${userId} || ' ' || ${network}, 'UTF8')), 'hex')`;

@Injectable()
export class KnownNetworkRepository {
  /** Records that this user logged in from this network. */
  async remember(tx: Transaction, userId: string, clientIp: string | undefined, at: Date): Promise<void> {
    if (clientIp === undefined) return;
    await tx.manager.query(
      `insert into known_networks (user_id, digest, used_at)
       values ($1, ${networkDigest('$1::text', '$2::text')}, $3)
       on conflict (user_id, digest) do update set used_at = excluded.used_at`,
      [userId, clientNetwork(clientIp), at],
    );
    await tx.manager.query(
      `delete from known_networks where user_id = $1 and (
         used_at < $2::timestamptz - interval '${KNOWN_FOR_DAYS} days' or digest in (
           select digest from known_networks where user_id = $1 order by used_at desc offset ${MAX_NETWORKS}))`,
      [userId, at],
    );
  }
}
