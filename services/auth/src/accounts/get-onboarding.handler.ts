import { HandleRequest } from '@gridworks/bus';
import { getOnboarding, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { DirectoryRepository } from './directory.repository.ts';
import { PartnerFigures } from './partner-figures.ts';

type Onboarding = OutputOf<typeof getOnboarding>;
type Step = Onboarding['steps'][number];

@Controller()
export class GetOnboardingHandler {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly directory: DirectoryRepository,
    private readonly figures: PartnerFigures,
  ) {}

  @HandleRequest(getOnboarding)
  async get(_input: ParsedInputOf<typeof getOnboarding>, call: CallContext): Promise<Onboarding> {
    const partnerId = partnerOf(call);
    const [partner, firstKeyAt, accounts, tickets] = await Promise.all([
      this.partners.find(partnerId),
      this.directory.firstKeyAt(partnerId),
      this.figures.accounts([partnerId]),
      this.figures.tickets([partnerId]),
    ]);
    const steps = [
      step('account', partner?.created_at.toISOString() ?? null),
      step('api_key', firstKeyAt?.toISOString() ?? null),
      step('first_call', accounts && (accounts.accounts[0]?.first_call_at ?? null), accounts !== null),
      step('first_ticket', tickets && (tickets.partners[0]?.first_ticket_at ?? null), tickets !== null),
    ];
    return {
      object: 'onboarding',
      steps,
      complete: steps.every(({ optional, state }) => optional || state === 'done'),
      observed_at: new Date().toISOString(),
    };
  }
}

function step(name: Step['step'], doneAt: string | null, isKnown = true): Step {
  const state = doneAt ? 'done' : isKnown ? 'open' : 'unknown';
  return { step: name, optional: name === 'first_ticket', state, done_at: doneAt };
}
