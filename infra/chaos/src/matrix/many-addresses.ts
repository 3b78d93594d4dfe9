import {
  freshAddress,
  type PortalCallOptions,
  PortalClient,
  type Response,
} from '../system/portal-client.ts';

const AT_ONCE = 8;
const CALLS_AN_ADDRESS = 20;

/** Sends a few requests from each of many loopback addresses: those without a good credential count for their address. */
export class ManyAddresses {
  readonly #url: string;
  readonly #clients: PortalClient[] = [];
  #calls = 0;

  constructor(url: string) {
    this.#url = url;
  }

  call(path: string, options: PortalCallOptions): Promise<Response> {
    if (this.#calls++ % CALLS_AN_ADDRESS === 0)
      this.#clients.push(new PortalClient(this.#url, AT_ONCE, freshAddress()));
    return (this.#clients.at(-1) as PortalClient).call(path, options);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}
