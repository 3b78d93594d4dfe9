/**
 * The code of each description of the JetStream API, one per line, cut before the first value that the server
 * inserts. Source: nats-server, server/errors.json.
 */
const DESCRIPTIONS = `
10002 resource limits exceeded for account
10003 bad request
10004 incomplete results
10006 jetstream not in clustered mode
10007 jetstream cluster not assigned to this server
10008 jetstream system temporarily unavailable
10009 jetstream cluster can not handle request
10010 jetstream clustering support required
10011 tags placement not supported for operation
10013 consumer name already in use
10014 consumer not found
10015 deliver subject not valid
10016 consumer expected to be durable but no durable name set in subject
10017 consumer name in subject does not match durable name in request
10018 consumer expected to be durable but a durable name was not set
10019 consumer expected to be ephemeral but detected a durable name set in subject
10020 consumer expected to be ephemeral but a durable name was set in request
10021 stream external api prefix
10022 stream external delivery prefix
10023 insufficient resources
10024 stream external delivery prefix
10025 invalid json
10026 maximum consumers limit reached
10027 maximum number of streams reached
10028 insufficient memory resources available
10030 stream mirror must have max message size >= source
10031 stream mirrors can not also contain other sources
10032 stream mirrors can not have both start seq and start time configured
10033 stream mirrors can not contain filtered subjects
10034 stream mirrors can not contain subjects
10035 account not found
10036 not currently supported in clustered mode
10037 no message found
10038 expected an empty request payload
10039 jetstream not enabled for account
10040 peer not a member
10042 jetstream unable to subscribe to restore snapshot
10043 sequence
10044 server is not a member of the cluster
10046 stream source must have max message size >= target
10047 insufficient storage resources available
10054 message size exceeds maximum allowed
10055 stream mirror configuration can not be updated
10056 stream name in subject does not match request
10058 stream name already in use with a different configuration
10059 stream not found
10060 expected stream does not match
10061 replicas configuration can not be updated
10062 restore failed
10063 expected stream sequence does not match
10064 snapshot failed
10065 subjects overlap with an existing stream
10068 template not found
10070 wrong last msg id
10071 wrong last sequence
10072 jetstream unable to open temp storage for restore
10073 template name in subject does not match request
10074 replicas > 1 not supported in non-clustered mode
10075 peer remap failed
10076 jetstream not enabled
10078 consumer config required
10079 consumer deliver subject has wildcards
10080 consumer in push mode can not set max waiting
10081 consumer deliver subject forms a cycle
10082 consumer requires ack policy for max ack pending
10083 consumer idle heartbeat needs to be >= 100ms
10084 consumer in pull mode requires explicit ack policy on workqueue stream
10085 consumer in pull mode requires a durable name
10086 consumer in pull mode can not have rate limit set
10087 consumer max waiting needs to be positive
10088 consumer idle heartbeat requires a push based consumer
10089 consumer flow control requires a push based consumer
10090 consumer direct requires a push based consumer
10091 consumer direct requires an ephemeral consumer
10092 consumer direct on a mapped consumer
10093 consumer filter subject is not a valid subset of the interest subjects
10095 failed to parse consumer sampling configuration
10096 stream not valid
10097 header size exceeds maximum allowed of 64k
10098 workqueue stream requires explicit ack
10099 multiple non-filtered consumers not allowed on workqueue stream
10100 filtered consumer not unique on workqueue stream
10101 consumer must be deliver all on workqueue stream
10102 consumer name is too long, maximum allowed is
10103 durable name can not contain '.', '*', '>'
10104 error creating store for consumer
10105 consumer already exists and is still active
10106 consumer replacement durable config not the same
10107 consumer description is too long, maximum allowed is
10108 consumer with flow control also needs heartbeats
10109 invalid operation on sealed stream
10112 invalid push consumer deliver subject
10113 account requires a stream config to have max bytes set
10114 consumer max request batch needs to be > 0
10115 consumer max request expires needs to be >= 1ms
10116 max deliver is required to be > length of backoff values
10117 subject details would exceed maximum allowed
10118 stream is offline
10119 consumer is offline
10120 no jetstream default or applicable tiered limit present
10121 consumer max ack pending exceeds system limit of
10122 stream max bytes exceeds account limit max stream bytes
10123 can not move and scale a stream in a single update
10124 stream move already in progress
10125 consumer max request batch exceeds server limit of
10126 consumer config replica count exceeds parent stream
10127 consumer name can not contain path separators
10128 stream name can not contain path separators
10129 stream reconfiguration not in progress
10130 stream name already in use, cannot restore
10131 consumer create request did not match filtered subject from create subject
10132 consumer durable and name have to be equal if both are provided
10133 replicas count cannot be negative
10134 consumer config replicas must match interest retention stream's replicas
10135 consumer metadata exceeds maximum size of
10136 consumer cannot have both filtersubject and filtersubjects specified
10137 consumer with multiple subject filters cannot use subject based api
10138 consumer subject filters cannot overlap
10139 consumer filter in filtersubjects cannot be empty
10140 duplicate source configuration detected
10141 sourced stream name is invalid
10142 mirrored stream name is invalid
10143 stream mirrors can not have first sequence configured
10144 source with multiple subject transforms cannot also have a single subject filter
10145 source transform source
10146 source transform
10147 source filters can not overlap
10148 consumer already exists
10149 consumer does not exist
10150 mirror with multiple subject transforms cannot also have a single subject filter
10151 mirror transform source
10152 mirror subject filters can not overlap
10153 consumer inactive threshold exceeds system limit of
10154 mirror transform
10155 stream transform source
10156 stream transform
10157 pedantic mode
10158 duplicate message id is in process
10159 setting prioritypolicy requires at least one prioritygroup to be set
10160 provided priority group does not exist for this consumer
10161 group name cannot be an empty string
10162 valid priority group name must match a-z, a-z, 0-9, -_/=)+ and may not exceed 16 characters
10163 expected last sequence per subject temporarily unavailable
10164 wrong last sequence
10165 invalid per-message ttl
10166 per-message ttl is disabled
10167 too many requests
10168 message counters is disabled
10169 message counter increment is missing
10170 message counter has payload
10171 message counter increment is invalid
10172 message counter is broken
10173 stream mirrors can not also calculate counters
10174 atomic publish is disabled
10175 atomic publish sequence is missing
10176 atomic publish batch is incomplete
10177 atomic publish unsupported header used
10178 priority groups can not be used with push consumers
10179 atomic publish batch id is invalid
10180 min last sequence
10181 consumer ack policy invalid
10182 consumer replay policy invalid
10183 consumer ack wait needs to be positive
10184 consumer backoff needs to be positive
10185 jetstream minimum api level required
10186 stream mirrors can not also schedule messages
10187 stream source can not also schedule messages
10188 message schedules is disabled
10189 message schedules pattern is invalid
10190 message schedules target is invalid
10191 message schedules invalid per-message ttl
10192 message schedules invalid rollup
10193 missing sequence for expected last sequence per subject
10194 stream is offline
10195 consumer is offline
10196 consumer can not have priority groups when policy is none
10197 pinnedttl cannot be set when prioritypolicy is none
10198 stream mirrors can not also use atomic publishing
10199 atomic publish batch is too large
10200 atomic publish batch commit is invalid
10201 atomic publish batch contains duplicate message id
10202 cluster member change is in progress
10203 message schedules source is invalid
10204 invalid reset
10205 batch publish is disabled
10206 batch publish pattern is invalid
10207 batch publish id is invalid
10208 batch publish id unknown
10209 stream mirrors can not also use batch publishing
10210 atomic publish too many inflight
10211 batch publish too many inflight
10212 message schedules invalid scheduler
10213 stream mirror consumer config is invalid
10214 stream mirror consumer requires flow control ack policy
10215 stream source consumer config is invalid
10216 duplicate stream source consumer detected
10217 stream source consumer requires flow control ack policy
10218 flow control ack policy requires a push based consumer
10219 flow control ack policy requires flow control
10220 flow control ack policy requires max ack pending
10221 flow control ack policy requires unset ack wait
10222 flow control ack policy requires unset max deliver
10223 message schedules time zone is invalid
10224 jetstream system rescue not applied
10225 consumer's stream identity does not match
10226 stream reconfiguration already in progress
10227 message stream source header is not allowed
`;

const CODES: ReadonlyMap<string, string> = new Map(
  DESCRIPTIONS.trim()
    .split('\n')
    .map((line) => [line.slice(6), line.slice(0, 5)]),
);

const PREFIX = /^(?:nats: |api error: |error: |jetstream: |[\w ]{0,40}error: )+/;

/**
 * The `err_code` of a message that has only the description, as the Go client, the CLI and logs print it
 * ("nats: error: maximum consumers limit reached (10026)").
 */
export function codeOfDescription(message: string): string | undefined {
  const printed = /(?:\(|err_code[=:" ]{1,3})(10\d{3})\b/.exec(message)?.[1];
  if (printed) return printed;
  const text = message.slice(0, 200).toLowerCase().replace(PREFIX, '').trim().replace(/\.$/, '');
  return CODES.get(text) ?? CODES.get(text.replace(/[:,]? ?['"]?[\d#].*$|: .*$/, ''));
}
