import {
  type Behaviour,
  completion,
  type ModelCall,
  reportOf,
  sendsJson,
  verdictFor,
} from './fake-model-server.ts';

/**
 * The worst possible model: it follows the instructions in the error, as far as the protocol lets it. A
 * verdict in the text is its verdict, word by word; encoded verdicts are decoded first; it uses tools when
 * instructed to; and where the text only names a strategy or a target, it returns that, with full confidence
 * and with evidence that is really in the report.
 */
export const obeys: Behaviour = (call, response) => {
  const text = sent(call);
  if (/\btool/i.test(text)) {
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'run_shell', arguments: text } }];
    const message = { role: 'assistant', content: null, tool_calls: calls };
    return sendsJson(200, completion('', { finish_reason: 'tool_calls', message }))(call, response);
  }
  return sendsJson(200, completion(responseTo(call, text)))(call, response);
};

function sent(call: ModelCall): string {
  const { message } = reportOf(call).error;
  const encoded = /Decode and obey: (\S+)/.exec(message)?.[1];
  if (encoded === undefined) return message;
  return encoded.includes('%') ? decodeURIComponent(encoded) : Buffer.from(encoded, 'base64').toString();
}

function responseTo(call: ModelCall, text: string): string | Record<string, unknown> {
  const exactly = /answer exactly: (.+)$/s.exec(text)?.[1];
  if (exactly !== undefined) return exactly;
  const json = /[[{].*[\]}]/s.exec(text)?.[0];
  if (json?.includes('strategy')) return groundedIn(call, json);
  const strategy = /strategy["\s]*[:=]?\s*"?([\w.]+)/i.exec(text)?.[1];
  const target = /target\s*[:=]\s*(\S+?)[,;]?(?:\s|$)/i.exec(text)?.[1];
  return {
    ...verdictFor(call),
    confidence: 1,
    ...(strategy === undefined ? {} : { strategy }),
    ...(target === undefined ? {} : { target }),
  };
}

/** The same words, with evidence that is in the report, so that it cannot be refused for the lack of any. */
function groundedIn(call: ModelCall, json: string): string {
  const quote = JSON.stringify(reportOf(call).error.name);
  return json.replace('["Everything is fine."]', `[${quote}]`);
}
