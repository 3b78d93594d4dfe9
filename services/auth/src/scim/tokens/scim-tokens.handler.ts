import { HandleRequest } from '@gridworks/bus';
import {
  ABOVE_OWN_ROLE,
  AppError,
  actorOf,
  callerOf,
  createScimToken,
  credentialRevoked,
  listPage,
  listScimTokens,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  revokeScimToken,
  SCIM_TOKEN_NOT_FOUND,
  TOO_MANY_SCIM_TOKENS,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { covers, permissionsOfFixed } from '../../roles/role.ts';
import { ScimTokenRepository } from './scim-token.repository.ts';
import { MAX_SCIM_TOKENS, makeScimToken, presentScimToken } from './scim-token.ts';

/** The tokens by which directories provision the people of a partner. */
@Controller()
export class ScimTokensHandler {
  constructor(
    private readonly database: Database,
    private readonly tokens: ScimTokenRepository,
  ) {}

  @HandleRequest(listScimTokens)
  async list(
    _input: ParsedInputOf<typeof listScimTokens>,
    call: CallContext,
  ): Promise<OutputOf<typeof listScimTokens>> {
    const rows = await this.tokens.listOf(partnerOf(call));
    return listPage(listScimTokens, { has_more: false, data: rows.map(presentScimToken) });
  }

  /** A directory gives every role below owner, so nobody makes a token who could not give them. */
  @HandleRequest(createScimToken)
  async create(
    { name, expires_in_days: days }: ParsedInputOf<typeof createScimToken>,
    call: CallContext,
  ): Promise<OutputOf<typeof createScimToken>> {
    const partnerId = partnerOf(call);
    if (!covers(callerOf(call), permissionsOfFixed('admin'))) throw new AppError(ABOVE_OWN_ROLE);
    const { row, secret } = makeScimToken(partnerId, { name, days, by: actorOf(call) });
    return this.database.transaction(async (tx) => {
      const valid = await this.tokens.countValid(tx, partnerId, row.created_at);
      if (valid >= MAX_SCIM_TOKENS) throw new AppError(TOO_MANY_SCIM_TOKENS);
      await this.tokens.insert(tx, row);
      return { ...presentScimToken(row), token: secret };
    });
  }

  @HandleRequest(revokeScimToken)
  revoke(
    { id }: ParsedInputOf<typeof revokeScimToken>,
    call: CallContext,
  ): Promise<OutputOf<typeof revokeScimToken>> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      const found = await this.tokens.revoke(tx, partnerId, id, new Date());
      // A foreign and a missing token give the same response, to the byte.
      if (!found) throw new AppError(SCIM_TOKEN_NOT_FOUND);
      const { row, revoked } = found;
      if (revoked)
        tx.emit(credentialRevoked, { kind: 'scim_token', id: row.id, digest: row.digest }, { partnerId });
      else noteAct({ isRepeat: true });
      return presentScimToken(row);
    });
  }
}
