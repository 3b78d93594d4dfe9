import { ApiKeyEntity } from './api-keys/api-key.entity.ts';
import { PartnerEntity } from './partners/partner.entity.ts';
import { SessionEntity } from './sessions/session.entity.ts';
import { KnownNetworkEntity } from './users/known-network.entity.ts';
import { UserEntity } from './users/user.entity.ts';

/** Every entity of this service. */
export const entities = [PartnerEntity, UserEntity, SessionEntity, KnownNetworkEntity, ApiKeyEntity];
