import 'reflect-metadata';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { announce } from './payload.ts';

class PlansController {
  client: ClientProxy;
  constructor(client: ClientProxy) {
    this.client = client;
  }
  list() {
    return this.client.send('rpc.billing.plan.list', {});
  }
}
Controller('v1/plans')(PlansController);
Inject('BUS')(PlansController, undefined, 0);
Get()(
  PlansController.prototype,
  'list',
  Object.getOwnPropertyDescriptor(PlansController.prototype, 'list') as PropertyDescriptor,
);

class GatewayModule {}
Module({
  imports: [
    ClientsModule.register([
      { name: 'BUS', transport: Transport.NATS, options: { servers: [process.env.NATS_URL as string] } },
    ]),
  ],
  controllers: [PlansController],
})(GatewayModule);

const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');
announce(app.getHttpServer().address().port);
