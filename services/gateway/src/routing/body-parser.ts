import { isUtf8 } from 'node:buffer';
import { AppError } from '@gridworks/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_MALFORMED, MEDIA_TYPE_UNSUPPORTED } from '../problems/gateway.errors.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const REPORT_TYPES = ['application/reports+json', 'application/csp-report'];
const SCIM_TYPE = 'application/scim+json';
const CLOUD_EVENT_TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json'];
type Done = (error: Error | null, body?: unknown) => void;

/**
 * Accepts JSON in valid UTF-8, and forms where a route takes them; nothing else. `__proto__` and `constructor.prototype` are refused. A DELETE
 * may have the content type and no body, as common clients send it.
 */
export function takeOnlyJson(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  const parse = (request: FastifyRequest, body: Buffer, done: Done): void => {
    if (body.length === 0 && request.method === 'DELETE') {
      done(null, undefined);
      return;
    }
    if (!isUtf8(body)) {
      done(new AppError(BODY_MALFORMED, { detail: 'The body is not valid UTF-8.' }));
      return;
    }
    if (request.call?.route?.keepsBody) request.call.rawBody = body;
    const member = request.call?.route?.http.cloudEvents;
    const taken: Done = member
      ? (error, parsed) => done(error, error ? undefined : asEventsOf(member, parsed))
      : done;
    parseJson(request, body.toString('utf8'), taken);
  };
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  // A form is read by the service that gets it, and only at the addresses that OAuth defines so.
  fastify.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (!request.call?.route?.takesForms) {
      done(new AppError(MEDIA_TYPE_UNSUPPORTED));
      return;
    }
    request.call.rawBody = body;
    done(null, undefined);
  });
  // Reports that browsers send by themselves are JSON, too, under media types that no other address accepts.
  fastify.addContentTypeParser(REPORT_TYPES, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (request.call?.route?.takesReports) parse(request, body, done);
    else done(new AppError(MEDIA_TYPE_UNSUPPORTED));
  });
  fastify.addContentTypeParser(SCIM_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (request.call?.route?.takesScim) parse(request, body, done);
    else done(new AppError(MEDIA_TYPE_UNSUPPORTED));
  });
  fastify.addContentTypeParser(CLOUD_EVENT_TYPES, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (request.call?.route?.http.cloudEvents) parse(request, body, done);
    else done(new AppError(MEDIA_TYPE_UNSUPPORTED));
  });
}

/** One CloudEvent or a batch as the input of a request; everything else is left as it is. */
function asEventsOf(member: string, body: unknown): unknown {
  if (Array.isArray(body)) return { [member]: body };
  if (typeof body === 'object' && body !== null && 'specversion' in body) return { [member]: [body] };
  return body;
}
