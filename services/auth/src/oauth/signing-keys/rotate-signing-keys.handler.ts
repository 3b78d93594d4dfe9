import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, rotateSigningKeys } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SigningKeys } from './signing-keys.ts';

@Controller()
export class RotateSigningKeysHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
  ) {}

  @HandleRequest(rotateSigningKeys)
  rotate(): Promise<OutputOf<typeof rotateSigningKeys>> {
    return this.database.transaction(async (tx) => {
      const key = await this.keys.rotate(tx, new Date());
      return {
        object: 'signing_key' as const,
        id: key.kid,
        created_at: key.created_at.toISOString(),
        activates_at: key.activates_at.toISOString(),
        retires_at: key.retires_at?.toISOString() ?? null,
      };
    });
  }
}
