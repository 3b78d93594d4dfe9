import type { RuleTable } from './rule.ts';

/** The words of the Go client, the CLI and older clients; tried before the general words of NATS. */
export const NATS_WORDS_RULES: RuleTable = {
  name: 'nats-words',
  dependency: 'nats',
  source: 'nats.go, nats.go, js.go, kv.go and jetstream/errors.go; nats.js',
  rules: [
    {
      text: /no responders available|no response from stream/,
      kind: 'no_responders',
      why: 'No service subscribes to the subject, or no stream stores it, at the moment.',
      example: 'nats: no response from stream',
    },
    {
      text: /maximum (?:messages|bytes)(?: per subject)? exceeded/,
      kind: 'disk_full',
      why: 'The stream is full and refuses new messages: it does not drain by waiting.',
      example: 'maximum messages exceeded',
    },
    {
      text: /(?:resource|account|storage) limits? (?:has been |have been )?exceeded|insufficient (?:storage|account) /,
      kind: 'quota_exceeded',
      why: 'The account or server is full by its own limits: it does not drain by waiting.',
      example: 'JetStream resource limits exceeded for server',
    },
    {
      text: /\b(?:message|key|bucket|object|(?:object )?store|stream|consumer)s? (?:was )?not found|\bno message found|consumer does not exist/,
      kind: 'not_found',
      why: 'There is no such message, key, stream or consumer.',
      example: 'nats: key not found',
    },
    {
      text: /\bkey exists\b|already exists with that name|for a deleted object|object is deleted|wrong last (?:sequence|msg)|already (?:in use by|updated)|revision (?:mismatch|conflict)/,
      kind: 'concurrency_conflict',
      why: 'Another writer was first: read again.',
      example: 'nats: key exists',
    },
    {
      text: /exceeded max(?:imum)? ?(?:pending|requestbatch|requestexpires|requestmaxbytes|waiting|ackpending)|write ?deadline|too many (?:pending|outstanding)/,
      kind: 'slow_consumer',
      why: 'The reader is too slow, or pulls more than is allowed at once.',
      example: 'exceeded maximum pending',
    },
    {
      text: /stream (?:with given )?name already|already bound to|cannot be updated|can not be updated|must use (?:pull|push)|pull (?:subscribe|based)|push based|nats url|invalid url|secure connection|not enabled|configuration (?:requests|does not|mismatch)|does not match|consumer (?:name|config|already)|requires (?:a )?(?:server|nats)|not supported (?:by|in|on)|exceeded maxrequest|(?:supported on|require) servers? |servers? does(?: not|n't) support|does not support batched|not a (?:pull|push) consumer|push consumer|parse credentials|not possible to reset|is not set\b|max(?:imum)? (?:request )?batch of|deliver policy|durable/,
      kind: 'configuration_error',
      why: 'The configuration of stream, consumer or client does not fit.',
      example: 'stream with given name already exists',
    },
    {
      text: /invalid (?:stream|consumer|bucket|key|durable|queue|object)(?: group)? ?(?:name|key|store name)?(?:$|: )|invalid schedule|unrecognized duration|must be (?:at least|greater)|semver|bad subject|subject must|name (?:is )?(?:required|cannot|must)|invalid (?:headers?|msg|json|reply)/,
      kind: 'invalid_input',
      why: 'Name, key or subject is malformed.',
      example: 'nats: invalid stream name',
    },
    {
      text: /invalid (?:connection|subscription|arg)|callback needed|already acknowledged|does not have a reply|already (?:yielding|consuming|closed by)|not (?:bound|a jetstream message)|message is not bound|iterator|nil (?:connection|message)|mutually exclusive|must be a (?:function|string|number)|publisher is done|no options selected|cannot be set when|headers expected|callbacks? (?:don't|cannot)/,
      kind: 'programming_bug',
      why: 'The client is used wrongly.',
      example: 'nats: invalid subscription',
    },
    {
      text: /subscription (?:closed|draining)|canceled|cancelled/,
      kind: 'cancelled',
      why: 'The reader was stopped.',
      example: 'nats: subscription closed',
    },
    {
      text: /timeout has occurred|fetch timeout|deadline exceeded|timed out/,
      kind: 'timeout',
      why: 'No response in time.',
      example: 'Timeout has occurred',
      source: 'rxjs; nats.go',
    },
    {
      text: /system temporarily unavailable|not connected|unable to connect|could not connect|failed to connect|reconnecting|unexpected end of stream|node is closed|no (?:meta )?leader|outbound buffer limit|reconnect buffer|connection (?:to server )?(?:failed|broken|terminated)|socket (?:closed|hang up|ended)|server is (?:down|not available|unavailable)/,
      kind: 'message_bus_unavailable',
      why: 'The message bus, or the leader of the stream, is away.',
      example: 'nats: JetStream system temporarily unavailable',
    },
  ],
};
