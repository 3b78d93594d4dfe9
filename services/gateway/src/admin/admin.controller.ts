import { createPause, getIncident, listIncidents, listPauses, removePause } from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import { EventFeed } from '../live/event-feed.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Route } from '../routing/route.decorator.ts';

@Controller()
export class AdminController {
  constructor(
    readonly services: RequestForwarder,
    readonly feed: EventFeed,
  ) {}

  @Route('GET', '/v1/admin/incidents', { contract: listIncidents, callers: ['admin'], status: 200 })
  incidents(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/admin/incidents/:id', { contract: getIncident, callers: ['admin'], status: 200 })
  incident(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/admin/pauses', { contract: listPauses, callers: ['admin'], status: 200 })
  pauses(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('POST', '/v1/admin/pauses', { contract: createPause, callers: ['admin'], status: 201 })
  pause(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('DELETE', '/v1/admin/pauses/:id', { contract: removePause, callers: ['admin'], status: 200 })
  resume(@Req() request: PublicRequest) {
    return this.services.forward(request);
  }

  @Route('GET', '/v1/admin/events', {
    summary: 'Incidents and symptoms as they happen, as server-sent events',
    mediaType: 'text/event-stream',
    callers: ['admin'],
    status: 200,
  })
  events(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.feed.open(request, reply);
  }
}
