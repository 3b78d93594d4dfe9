import { HandleRequest } from '@gridworks/bus';
import { exchangeOAuth, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { OAuthListener } from './oauth-listener.ts';

@Controller()
export class ExchangeOAuthHandler {
  constructor(private readonly listener: OAuthListener) {}

  @HandleRequest(exchangeOAuth)
  exchange(input: ParsedInputOf<typeof exchangeOAuth>): Promise<OutputOf<typeof exchangeOAuth>> {
    return this.listener.exchange(input);
  }
}
