import { createSocket, type RemoteInfo } from 'node:dgram';

/** What a name server answers instead of records: RFC 1035, 4.1.1, and `silent`: nothing at all. */
export type DnsFault = 'servfail' | 'refused' | 'silent';

export interface DnsServerHandle {
  /** `127.0.0.1:<port>`, for `Resolver.setServers`. */
  readonly address: string;
  /** The names that were asked for, in order. */
  readonly questions: readonly string[];
  /** Sets the texts of a TXT record; none removes it. Names are compared without regard to case. */
  setTxt(name: string, ...texts: string[]): void;
  /** A fault for one name, or for all with `*`; null ends it. */
  fail(name: string, fault: DnsFault | null): void;
  stop(): Promise<void>;
}

const TXT = 16;
const CODES = { servfail: 2, refused: 5 } as const;
const NAME_ERROR = 3;
/** The longest part of a text in a TXT record, in bytes. */
const PART = 255;

/** Starts a name server on a free UDP port that knows TXT records and nothing else (RFC 1035). */
export async function startDns(): Promise<DnsServerHandle> {
  const records = new Map<string, string[]>();
  const faults = new Map<string, DnsFault>();
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('error', () => undefined); // a client may be gone
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    const { name, type, end } = readQuestion(message);
    questions.push(name);
    const fault = faults.get(name) ?? faults.get('*');
    if (fault === 'silent') return;
    const texts = type === TXT ? (records.get(name) ?? []) : [];
    const code = fault ? CODES[fault] : records.has(name) ? 0 : NAME_ERROR;
    socket.send(answer(message, end, code, fault ? [] : texts), from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    setTxt(name, ...texts) {
      if (texts.length === 0) records.delete(name.toLowerCase());
      else records.set(name.toLowerCase(), texts);
    },
    fail(name, fault) {
      if (fault === null) faults.delete(name.toLowerCase());
      else faults.set(name.toLowerCase(), fault);
    },
    stop: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** The first question of a message: its labels after the header of 12 bytes, then type and class. */
function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]; length; length = message[at]) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** Header and question as they came, marked as a response, and one record for each text. */
function answer(question: Buffer, end: number, code: number, texts: readonly string[]): Buffer {
  const header = Buffer.from(question.subarray(0, end));
  header.writeUInt16BE(0x8180 | code, 2); // a response, recursion as desired and available
  header.writeUInt16BE(texts.length, 6);
  header.writeUInt32BE(0, 8); // no authority, no additional records
  return Buffer.concat([header, ...texts.map(txtRecord)]);
}

function txtRecord(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at < Math.max(bytes.length, 1); at += PART) {
    const part = bytes.subarray(at, at + PART);
    parts.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(1, 4); // class IN; the time to live stays 0
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
