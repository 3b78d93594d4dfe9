import type { RuleTable } from './rule.ts';

/**
 * The words of further clients of Redis; tried before the general words, where a lone "timeout" or "too long"
 * decides.
 */
export const REDIS_WORDS_RULES: RuleTable = {
  name: 'redis-words',
  dependency: 'redis',
  source: 'ioredis; node-redis; redis-py; Jedis; go-redis; StackExchange.Redis',
  rules: [
    {
      codes: ['MOVED', 'ASK'],
      kind: 'cache_unavailable',
      strategy: 'RETRY_WITH_BACKOFF',
      why: 'The slot lives on another node now.',
      example: 'MOVED 3999 127.0.0.1:6381',
      source: 'Redis cluster specification',
    },
    {
      text: /(?:connection )?pool (?:timeout|exhausted)|resource from the pool|too many (?:open )?connections|no (?:free|idle) connections?|pool is (?:full|exhausted)/,
      kind: 'pool_exhausted',
      why: 'No connection to Redis is free.',
      example: 'Could not get a resource from the pool',
    },
    {
      text: /can't write against a read|instance state changed/,
      kind: 'read_only_failover',
      why: 'The write reached a replica: the roles have changed.',
      example: "You can't write against a read only replica.",
      source: 'redis-py, exceptions.py',
    },
    {
      text: /max (?:daily )?requests? limit exceeded|max (?:request|database|data) size|(?:daily|monthly|bandwidth|command) (?:request )?(?:limit|quota)/,
      kind: 'quota_exceeded',
      why: 'The plan of the managed Redis is used up.',
      example: 'ERR max requests limit exceeded. Limit: 10000, Usage: 10000.',
      source: 'Upstash, troubleshooting',
    },
    {
      text: /max mbulk|mbulk count|bulk length|inline request/,
      kind: 'programming_bug',
      why: 'The data sent to Redis is not its protocol, or exceeds its limit.',
      example: 'ERR Protocol error: invalid bulk length',
    },
    {
      text: /already (?:connecting|connected|opened|open)\b|lease already|cannot split |isn't ready to|only valid when|only supports?\b|not compatible|is meaningless in|option can|called on released/,
      kind: 'programming_bug',
      why: 'The client or a command is used wrongly.',
      example: 'Redis is already connecting/connected',
    },
    {
      text: /must be null|invalid db index|requires (?:the name of master|at least one sentinel)|should contain at least one node|only supported with resp3|not available in (?:this|your) (?:version|plan)|is disabled|numlocal is set/,
      kind: 'configuration_error',
      why: 'The configurations of client and server do not fit.',
      example: 'BullMQ: Your redis options maxRetriesPerRequest must be null.',
      source: 'BullMQ, src/classes/redis-connection.ts; ioredis',
    },
    {
      text: /no connection (?:is )?(?:available|active)|sentinels? (?:down|are (?:not available|unavailable|unreachable))|none of the sentinels|not possible to connect|no (?:master|primary)(?: node)? (?:found|is available)|cluster is (?:disconnect|ended|closed|down)|cluster closed|node is disconnected|could not find (?:shard|master)|can't connect to (?:master|redis)|cannot find node|unable to (?:connect|find)|no reachable node|hash slot/,
      kind: 'cache_unavailable',
      strategy: 'RETRY_WITH_BACKOFF',
      why: 'No node of Redis can be reached for now.',
      example: 'None of the sentinels are available',
    },
    {
      text: /server closed the connection|connection (?:is |was )?(?:aborted|closed by|broken|dropped)|unexpected end of stream|due to connection close|command aborted|re-authentication|closed unexpectedly|socket is (?:closed|not connected)/,
      kind: 'connection_lost',
      why: 'The connection to Redis is gone.',
      example: 'Unexpected end of stream.',
    },
  ],
};
