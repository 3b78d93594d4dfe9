import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  DEAD_LETTER_NOT_FOUND,
  getDeadLetter,
  type OpenedDeadLetter,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { redact } from '@gridworks/redaction';
import { Controller } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.ts';

/** Enough to recognise an event; a larger one is shortened. */
const SHOWN = { maxLength: 65_536, maxNodes: 10_000 };

@Controller()
export class GetDeadLetterHandler {
  constructor(private readonly letters: DeadLetterRepository) {}

  @HandleRequest(getDeadLetter)
  async handle({ id }: ParsedInputOf<typeof getDeadLetter>): Promise<OpenedDeadLetter> {
    const found = await this.letters.open(id);
    if (!found) throw new AppError(DEAD_LETTER_NOT_FOUND);
    const { event, letter } = found;
    return { ...letter, event_bytes: event.length, event: redact(contentOf(event.toString()), SHOWN) };
  }
}

/** What the text holds as JSON, else the text. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
