import { isUtf8 } from 'node:buffer';
import { AppError } from '@gridworks/contracts';
import type { FastifyInstance } from 'fastify';
import { BODY_MALFORMED } from '../problems/gateway.errors.ts';

/**
 * Takes JSON in valid UTF-8 and nothing else; `__proto__` and `constructor.prototype` in it are refused. A DELETE may
 * name the type and have no body, as common clients send it.
 */
export function takeOnlyJson(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0 && request.method === 'DELETE') {
      done(null, undefined);
      return;
    }
    if (!isUtf8(body)) {
      done(new AppError(BODY_MALFORMED, { detail: 'The body is not valid UTF-8.' }));
      return;
    }
    parseJson(request, body.toString('utf8'), done);
  });
}
