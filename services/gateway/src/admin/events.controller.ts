import { Controller, Req, Res } from '@nestjs/common';
import { EventFeed } from '../live/event-feed.ts';
import { EVENTS_PAGE, PARTNER_EVENTS_PAGE } from '../live/events-page.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { Serve } from '../routing/serve.decorator.ts';

@Controller()
export class EventsController {
  constructor(readonly feed: EventFeed) {}

  @Serve(EVENTS_PAGE)
  events(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.feed.open(request, reply);
  }

  @Serve(PARTNER_EVENTS_PAGE)
  eventsOfPartner(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    this.feed.open(request, reply);
  }
}
