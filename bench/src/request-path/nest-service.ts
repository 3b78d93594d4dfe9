import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { announce, plans } from './payload.ts';

class PlansHandler {
  list() {
    return plans();
  }
}
Controller()(PlansHandler);
const list = Object.getOwnPropertyDescriptor(PlansHandler.prototype, 'list') as PropertyDescriptor;
MessagePattern('rpc.billing.plan.list')(PlansHandler.prototype, 'list', list);

class BillingModule {}
Module({ controllers: [PlansHandler] })(BillingModule);

const app = await NestFactory.createMicroservice(BillingModule, {
  transport: Transport.NATS,
  options: { servers: [process.env.NATS_URL as string], queue: 'billing' },
  logger: false,
});
await app.listen();
announce(null);
