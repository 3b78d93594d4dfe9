import { HandleRequest } from '@gridworks/bus';
import { listPage, listServiceIncidents, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ServiceIncidents } from './service-incidents.ts';

@Controller()
export class ListServiceIncidentsHandler {
  constructor(private readonly incidents: ServiceIncidents) {}

  @HandleRequest(listServiceIncidents)
  async list(): Promise<OutputOf<typeof listServiceIncidents>> {
    return listPage(listServiceIncidents, { has_more: false, data: this.incidents.recent(Date.now()) });
  }
}
