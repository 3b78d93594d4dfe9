import { HandleRequest } from '@gridworks/bus';
import { listPage, listUsers, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { presentRole } from '../members/membership.ts';
import { presentUser } from '../users/user.ts';
import { DirectoryRepository } from './directory.repository.ts';

@Controller()
export class ListUsersHandler {
  constructor(private readonly directory: DirectoryRepository) {}

  @HandleRequest(listUsers)
  async list(input: ParsedInputOf<typeof listUsers>): Promise<OutputOf<typeof listUsers>> {
    const page = await this.directory.users(input);
    const data = page.data.map((user) => ({
      ...presentUser(user),
      memberships: user.memberships.map(({ partner_id, partner_name, ...role }) => ({
        partner_id,
        partner_name,
        ...presentRole(role),
      })),
      sessions: user.sessions,
    }));
    return listPage(listUsers, { ...page, data });
  }
}
