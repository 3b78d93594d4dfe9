import { getInvoicePdf, type OutputOf } from '@gridworks/contracts';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { RequestForwarder } from '../routing/request-forwarder.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** An invoice as a file. A refusal is a problem document. */
@Controller()
export class InvoicePdfController {
  constructor(readonly services: RequestForwarder) {}

  @Serve(getInvoicePdf)
  async send(@Req() request: PublicRequest, @Res() reply: PublicReply): Promise<void> {
    const { file_name, base64 } = JSON.parse(await this.services.forward(request)) as OutputOf<
      typeof getInvoicePdf
    >;
    reply.header('content-type', 'application/pdf');
    reply.header('content-disposition', `attachment; filename="${file_name}"`);
    reply.send(Buffer.from(base64, 'base64'));
  }
}
