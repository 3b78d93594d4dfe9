import { AppError, newId, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Bus, type BusEvent, BusServer, HandleEvent, HandleRequest } from '../src/index.ts';
import { closeAll, connectBus, counted, echo, plan, WRONG } from './bus-under-test.ts';

@Injectable()
class Ledger {
  readonly numbers: number[] = [];
}

@Controller()
class EchoController {
  readonly #ledger: Ledger;
  constructor(@Inject(Ledger) ledger: Ledger) {
    this.#ledger = ledger;
  }

  @HandleRequest(echo)
  async echo(input: ParsedInputOf<typeof echo>, call: CallContext): Promise<OutputOf<typeof echo>> {
    if (input.text === 'wrong') throw new AppError(WRONG, { detail: call.requestId });
    if (input.text === 'bug') throw new TypeError('undefined is not a secret');
    return { text: input.text.repeat(input.times) };
  }

  @HandleEvent(counted, { maxAttempts: 2 })
  async count(payload: { n: number }, event: BusEvent): Promise<void> {
    if (payload.n < 0 && event.deliveries < 2) throw new Error('at first');
    this.#ledger.numbers.push(payload.n);
  }
}

@Module({ controllers: [EchoController], providers: [Ledger] })
class BillingModule {}

describe('BusServer', () => {
  let server: NatsServer;
  let app: INestMicroservice;
  let billing: Bus;
  let gateway: Bus;
  beforeAll(async () => {
    server = await startNats({ plan });
    billing = await connectBus(server, 'billing');
    gateway = await connectBus(server, 'gateway');
    app = await NestFactory.createMicroservice(BillingModule, {
      strategy: new BusServer(billing),
      logger: false,
    });
    await app.listen();
  });
  afterAll(async () => {
    await app.close();
    await closeAll();
    await server.stop();
  });

  it('passes input and call to the method of a controller, and responds with its output', async () => {
    expect(await gateway.request(echo, { text: 'ab', times: 2 })).toEqual({ text: 'abab' });
  });

  it('responds with the error of the method', async () => {
    const requestId = newId('request');
    await expect(gateway.request(echo, { text: 'wrong' }, { requestId })).rejects.toMatchObject({
      code: 'BILLING.WRONG',
      message: requestId,
    });
    await expect(gateway.request(echo, { text: 'bug' })).rejects.toMatchObject({
      code: 'PLATFORM.INTERNAL',
      message: 'Something went wrong on our side',
    });
  });

  it('consumes events, and repeats one when the method fails', async () => {
    await gateway.publish(counted, { n: 5 });
    await gateway.publish(counted, { n: -5 });
    await eventually(() => expect(app.get(Ledger).numbers.sort()).toEqual([-5, 5]));
  });

  it('drains when the application closes, and leaves the bus connected', async () => {
    const second = await connectBus(server, 'support');
    const other = await NestFactory.createMicroservice(BillingModule, {
      strategy: new BusServer(second),
      logger: false,
    });
    await other.listen();
    await other.close();
    expect(second.state()).toBe('connected');
    expect(await gateway.request(echo, { text: 'first' })).toEqual({ text: 'first' });
    expect(second.counts()).toEqual({ ok: 0, failed: 0 });
  });
});
