export interface Header {
  readonly name: string;
  readonly value: string;
  /** Whether the value has words that the shell is to replace: `$GRIDWORKS_KEY`. */
  readonly isTemplate?: boolean;
}

/** A call as it goes over the wire. */
export interface WireCall {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: readonly Header[];
  readonly body: string | null;
}

/** Methods that curl uses by itself: GET without a body, POST with one. */
const isImplied = ({ method, body }: WireCall): boolean => method === (body === null ? 'GET' : 'POST');

/** The call as a command for a POSIX shell. `isStream` shows each event as it comes. */
export function printCurl(origin: string, call: WireCall, isStream = false): string {
  const method = isImplied(call) ? '' : `-X ${call.method} `;
  return [
    `curl ${isStream ? '-N' : '-sS'} ${method}${word(origin + call.address)}`,
    ...call.headers.map(({ name, value, isTemplate }) =>
      isTemplate ? `-H "${name}: ${value}"` : `-H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(call.body === null ? [] : [`-d ${quoted(call.body)}`]),
  ].join(' \\\n  ');
}

/** As it is when the shell reads it so, else in quotes. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text));
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
