import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { readAddressBehind } from '../limits/caller-address.ts';
import type { PublicRequest } from './public-call.ts';
import { type DoorParts, PublicDoor } from './public-door.ts';
import { definePage } from './route-declaration.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { Serve } from './serve.decorator.ts';

const parts = {
  deadlineMs: 1000,
  addressOf: readAddressBehind([]),
  headers: SECURITY_HEADERS,
} as unknown as DoorParts;

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
  answer(@Req() request: PublicRequest) {
    return JSON.stringify({ operation: request.call?.route?.operation });
  }
}

@Controller()
class ForgottenController {
  @Get('/forgotten')
  answer() {
    return 'open to everybody';
  }
}

async function start(controller: new () => object) {
  class Root {}
  Module({ controllers: [controller] })(Root);
  const app = await NestFactory.create<NestFastifyApplication>(Root, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  const door = new PublicDoor(parts);
  door.attach(app.getHttpAdapter().getInstance());
  await app.init();
  return { app, door };
}

describe('the door', () => {
  it('lets in routes that are declared', async () => {
    const { app, door } = await start(DeclaredController);
    const answer = await app.inject({ method: 'GET', url: '/declared' });
    expect(answer.json()).toEqual({ operation: 'GET /declared' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(door.routes.map(({ operation }) => operation)).toEqual(['GET /declared']);
    await app.close();
  });

  it('does not open with a route that nobody declared', async () => {
    await expect(start(ForgottenController)).rejects.toThrow('/forgotten has no declaration');
  });
});
