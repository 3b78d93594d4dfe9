import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime, { type Address } from 'postal-mime';
import { writeFileAtomic } from '../files/write-file.ts';
import { htmlText } from './html-text.ts';

/** A message that the portal sent, or would have sent. */
export interface StoredMail {
  /** Also the name of its files. Newer ids sort later. */
  readonly id: string;
  readonly kind: 'email' | 'sms';
  /** Whether the message left the portal: an SMS without a provider did not. */
  readonly sent: boolean;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly message_id: string;
  /** RFC 3339. */
  readonly received_at: string;
}

/** The oldest messages are deleted when there are more. */
const KEPT_MESSAGES = 2_000;

const PRIVATE = { mode: 0o600 };

const ID_PATTERN = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** Messages as files: `<id>.eml` with the original message, `<id>.json` with the decoded one. */
export class MailStore {
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
  }

  /** Stores an email; `recipients` are those of the envelope, since blind copies are named only there. */
  async addEmail(raw: Buffer, recipients: readonly string[]): Promise<StoredMail> {
    const parsed = await PostalMime.parse(raw);
    const message: StoredMail = {
      ...this.#stamp(),
      kind: 'email',
      sent: true,
      from: addresses(parsed.from ? [parsed.from] : [])[0] ?? '',
      to: recipients.length > 0 ? recipients : addresses(parsed.to ?? []),
      subject: parsed.subject ?? '',
      text: parsed.text ?? htmlText(parsed.html ?? ''),
      message_id: parsed.messageId ?? '',
    };
    writeFileAtomic(join(this.#folder, `${message.id}.eml`), raw.toString('latin1'), PRIVATE);
    return this.#write(message);
  }

  /** Stores an SMS that is not sent. */
  addSms(sms: { from: string; to: readonly string[]; text: string }): StoredMail {
    const stamp = this.#stamp();
    const message: StoredMail = {
      ...stamp,
      kind: 'sms',
      sent: false,
      subject: '',
      message_id: stamp.id,
      ...sms,
    };
    return this.#write(message);
  }

  /** Newest first. */
  list(): StoredMail[] {
    return this.#ids()
      .reverse()
      .flatMap((id) => this.find(id) ?? []);
  }

  find(id: string): StoredMail | null {
    if (!ID_PATTERN.test(id)) return null;
    try {
      return JSON.parse(readFileSync(join(this.#folder, `${id}.json`), 'utf8'));
    } catch {
      return null;
    }
  }

  /** The original email. */
  raw(id: string): Buffer | null {
    if (!ID_PATTERN.test(id)) return null;
    try {
      return readFileSync(join(this.#folder, `${id}.eml`));
    } catch {
      return null;
    }
  }

  #ids(): string[] {
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();
  }

  #stamp(): { id: string; received_at: string } {
    const received_at = new Date().toISOString();
    return { id: `${received_at.replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`, received_at };
  }

  #write(message: StoredMail): StoredMail {
    writeFileAtomic(
      join(this.#folder, `${message.id}.json`),
      `${JSON.stringify(message, null, 2)}\n`,
      PRIVATE,
    );
    for (const id of this.#ids().slice(0, -KEPT_MESSAGES)) {
      for (const ending of ['json', 'eml']) rmSync(join(this.#folder, `${id}.${ending}`), { force: true });
    }
    return message;
  }
}

function addresses(list: readonly Address[]): string[] {
  return list.flatMap((each) => each.address ?? addresses(each.group ?? []));
}
