import { Bus } from '@gridworks/bus';
import { AppError, DEADLINE_EXCEEDED } from '@gridworks/contracts';
import { runInContext, withSpan } from '@gridworks/observability';
import { Injectable } from '@nestjs/common';
import type { PublicRequest } from './public-call.ts';

/** Hands a call to the service that its route's contract belongs to. */
@Injectable()
export class RequestForwarder {
  constructor(readonly bus: Bus) {}

  /** The JSON bytes of the answer, untouched. Rejects with the service's error, or with one about its absence. */
  forward(request: PublicRequest): Promise<Uint8Array> {
    const { call } = request;
    if (!call?.route?.declaration.contract) throw new Error('this route forwards nothing');
    const { contract } = call.route.declaration;
    const deadlineMs = call.deadlineAt - Date.now();
    if (deadlineMs <= 0) throw new AppError(DEADLINE_EXCEEDED, { retryAfterMs: 1000 });
    const context = {
      requestId: call.requestId,
      traceparent: call.traceparent,
      deadlineAt: call.deadlineAt,
      principal: call.caller?.principal,
      principalToken: call.caller?.token,
    };
    return runInContext(context, () =>
      withSpan(
        call.route?.operation ?? '',
        {},
        () => this.bus.forward(contract, call.input, { deadlineMs }),
        {
          kind: 'server',
        },
      ),
    );
  }
}
