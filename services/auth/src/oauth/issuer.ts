import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';

interface IssuerConfig {
  readonly PORTAL_URL: string;
}

/** The public address of the portal: the issuer of its tokens, and the resource that they are for. */
@Injectable()
export class Issuer {
  /** Without a slash at its end. */
  readonly url: string;
  /** What a request of a browser says of it: the provider makes addresses and cookies by that. */
  readonly headers: { readonly host: string; readonly 'x-forwarded-proto': string };

  constructor(@Inject(CONFIG) { PORTAL_URL }: IssuerConfig) {
    this.url = PORTAL_URL.replace(/\/+$/, '');
    const { host, protocol } = new URL(this.url);
    this.headers = { host, 'x-forwarded-proto': protocol.slice(0, -1) };
  }
}
