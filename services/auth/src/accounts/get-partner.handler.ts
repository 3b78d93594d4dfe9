import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  getPartner,
  type OutputOf,
  PARTNER_NOT_FOUND,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { presentApiKey } from '../api-keys/api-key.ts';
import { presentRole } from '../members/membership.ts';
import { presentUser } from '../users/user.ts';
import { DirectoryRepository } from './directory.repository.ts';
import { type AdminPartner, PartnerFigures } from './partner-figures.ts';

@Controller()
export class GetPartnerHandler {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly figures: PartnerFigures,
  ) {}

  @HandleRequest(getPartner)
  async get({ id }: ParsedInputOf<typeof getPartner>): Promise<OutputOf<typeof getPartner>> {
    const found = await this.directory.partner(id);
    if (!found) throw new AppError(PARTNER_NOT_FOUND);
    const [partner] = await this.figures.present([found.partner]);
    return {
      ...(partner as AdminPartner),
      people: found.people.map((person) => ({
        ...presentUser(person),
        ...presentRole(person),
        joined_at: person.joined_at.toISOString(),
      })),
      keys: found.keys.map(presentApiKey),
    };
  }
}
