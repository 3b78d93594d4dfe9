import { Controller, Req, Res } from '@nestjs/common';
import { EventFeed } from '../live/event-feed.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

const EVENTS = definePage({
  summary: 'Incidents and symptoms as they happen, as server-sent events',
  http: { method: 'GET', path: '/v1/admin/events', status: 200 },
  permission: 'incidents:read',
  mediaType: 'text/event-stream',
});

@Controller()
export class EventsController {
  constructor(readonly feed: EventFeed) {}

  @Serve(EVENTS)
  events(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.feed.open(request, reply);
  }
}
