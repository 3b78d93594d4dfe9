import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readAddressBehind } from '../limits/caller-address.ts';
import type { PublicRequest } from './public-call.ts';
import { type PipelineParts, RequestPipeline } from './request-pipeline.ts';
import { definePage } from './route-declaration.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { Serve } from './serve.decorator.ts';

const parts = {
  deadlineMs: 1000,
  addressOf: readAddressBehind([]),
  headers: SECURITY_HEADERS,
} as unknown as PipelineParts;

const DECLARED = definePage({
  summary: 'Declared',
  http: { method: 'GET', path: '/declared', status: 200 },
  permission: 'public',
  internal: true,
  unlimited: true,
});

@Controller()
class DeclaredController {
  @Serve(DECLARED)
  response(@Req() request: PublicRequest) {
    return JSON.stringify({ operation: request.call?.route?.operation });
  }
}

@Controller()
class ForgottenController {
  @Get('/forgotten')
  response() {
    return 'open without a credential';
  }
}

async function start(controller: new () => object) {
  class Root {}
  Module({ controllers: [controller] })(Root);
  const app = await NestFactory.create<NestFastifyApplication>(Root, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  const pipeline = new RequestPipeline(parts);
  pipeline.attach(app.getHttpAdapter().getInstance());
  await app.init();
  return { app, pipeline };
}

describe('the request pipeline', () => {
  it('serves declared routes', async () => {
    const { app, pipeline } = await start(DeclaredController);
    const response = await app.inject({ method: 'GET', url: '/declared' });
    expect(response.json()).toEqual({ operation: 'GET /declared' });
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(pipeline.routes.map(({ operation }) => operation)).toEqual(['GET /declared']);
    await app.close();
  });

  it('does not start with an undeclared route', async () => {
    await expect(start(ForgottenController)).rejects.toThrow('/forgotten has no declaration');
  });
});
