import { HandleRequest } from '@gridworks/bus';
import { callerOf, getOnboarding, type OutputOf, type ParsedInputOf, partnerOf } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { AccountMailer } from '../account-mails/account-mailer.ts';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import { DirectoryRepository } from './directory.repository.ts';
import { PartnerFigures } from './partner-figures.ts';

type Onboarding = OutputOf<typeof getOnboarding>;
type Step = Onboarding['steps'][number];

@Controller()
export class GetOnboardingHandler {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly mailer: AccountMailer,
    private readonly users: UserRepository,
    private readonly directory: DirectoryRepository,
    private readonly figures: PartnerFigures,
  ) {}

  @HandleRequest(getOnboarding)
  async get(_input: ParsedInputOf<typeof getOnboarding>, call: CallContext): Promise<Onboarding> {
    const partnerId = partnerOf(call);
    const { user_id: userId } = callerOf(call);
    const [partner, user, firstKeyAt, accounts, tickets] = await Promise.all([
      this.partners.find(partnerId),
      userId ? this.users.find(userId) : null,
      this.directory.firstKeyAt(partnerId),
      this.figures.accounts([partnerId]),
      this.figures.tickets([partnerId]),
    ]);
    const steps = [
      step('account', partner?.created_at.toISOString() ?? null),
      // Without a mail server no address can be confirmed.
      step('confirm_email', user?.email_confirmed_at?.toISOString() ?? null, true, !this.mailer.isConfigured),
      step('api_key', firstKeyAt?.toISOString() ?? null),
      step('first_call', accounts && (accounts.accounts[0]?.first_call_at ?? null), accounts !== null),
      step('first_ticket', tickets && (tickets.partners[0]?.first_ticket_at ?? null), tickets !== null, true),
    ];
    return {
      object: 'onboarding',
      steps,
      complete: steps.every(({ optional, state }) => optional || state === 'done'),
      observed_at: new Date().toISOString(),
    };
  }
}

function step(name: Step['step'], doneAt: string | null, isKnown = true, optional = false): Step {
  const state = doneAt ? 'done' : isKnown ? 'open' : 'unknown';
  return { step: name, optional, state, done_at: doneAt };
}
