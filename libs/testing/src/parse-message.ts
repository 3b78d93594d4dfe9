export interface ParsedMessage {
  /** Decoded `Subject` header. */
  readonly subject: string;
  /** Headers by lower-case name, unfolded. Of a repeated header the last one. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first `text/plain` part, decoded; the whole body when the message has no parts. */
  readonly text: string;
  /** The first `text/html` part, decoded; empty when there is none. */
  readonly html: string;
  /** The message as received. */
  readonly raw: string;
}

/** Parses the parts of an RFC 5322 message that tests need. Not for mail from unknown senders. */
export function parseMessage(raw: string): ParsedMessage {
  const { headers, body } = split(raw);
  const parts = leaves(headers, body);
  const part = (type: string) => parts.find((one) => one.type === type)?.content;
  return {
    subject: decodeWords(headers.subject ?? ''),
    headers,
    text: part('text/plain') ?? (parts.length === 1 ? (parts[0]?.content ?? '') : ''),
    html: part('text/html') ?? '',
    raw,
  };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end ? raw.slice(0, end.index) : raw;
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: end ? raw.slice(end.index + end[0].length) : '' };
}

function leaves(headers: Record<string, string>, body: string): { type: string; content: string }[] {
  const contentType = headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) {
    const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
    return [{ type, content: decodeBody(body, headers['content-transfer-encoding'] ?? '') }];
  }
  return body
    .split(`--${boundary}`)
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => split(piece.replace(/^\r?\n/, '')))
    .flatMap((piece) => leaves(piece.headers, piece.body));
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8');
  if (/quoted-printable/i.test(encoding)) return decodeQuoted(body.replace(/=\r?\n/g, ''));
  return body;
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047 words, UTF-8 only. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
}
