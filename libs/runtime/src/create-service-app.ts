import type { AddressInfo } from 'node:net';
import type { BusServer } from '@gridworks/bus';
import type { Logger } from '@gridworks/observability';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BadAddressHandler, HttpLoad } from './http-load.ts';
import { NestLogger } from './nest-logger.ts';

export interface ServiceApp {
  readonly app: INestApplicationContext;
  readonly http: NestFastifyApplication | undefined;
  readonly httpLoad: HttpLoad | undefined;
  /** Starts to serve. Returns the URL of the HTTP server when there is one. */
  listen(address: { HOST?: string; PORT?: number }): Promise<string | null>;
}

export interface AppOptions {
  readonly modules: readonly (Type | DynamicModule)[];
  readonly busServer: BusServer;
  readonly logger: Logger;
  readonly http: boolean;
  readonly badAddress?: BadAddressHandler | undefined;
}

class ServiceRoot {}

/** Creates the Nest application: with the bus as its transport, and with Fastify when it serves HTTP. */
export async function createServiceApp(options: AppOptions): Promise<ServiceApp> {
  const root: DynamicModule = { module: ServiceRoot, imports: [...options.modules] };
  const common = { logger: new NestLogger(options.logger), abortOnError: false };
  if (!options.http) {
    const app = await NestFactory.createMicroservice(root, { ...common, strategy: options.busServer });
    return {
      app,
      http: undefined,
      httpLoad: undefined,
      listen: async () => {
        await app.listen();
        return null;
      },
    };
  }
  // Only the gateway loads Fastify.
  const { createHttpAdapter, HttpLoad } = await import('./http-load.ts');
  const http = await NestFactory.create<NestFastifyApplication>(
    root,
    createHttpAdapter(options.badAddress),
    common,
  );
  http.connectMicroservice({ strategy: options.busServer });
  const httpLoad = new HttpLoad(http.getHttpServer());
  return {
    app: http,
    http,
    httpLoad,
    listen: async ({ HOST = '127.0.0.1', PORT = 0 }) => {
      await http.startAllMicroservices();
      await http.listen({ host: HOST, port: PORT });
      const { port } = http.getHttpServer().address() as AddressInfo;
      return `http://${HOST}:${port}`;
    },
  };
}
