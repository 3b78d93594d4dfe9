import type { RuleTable } from '../rule.ts';

/** What runtimes of other languages, loaders and operating systems say. */
export const processWordsRules: RuleTable = {
  name: 'process-words',
  dependency: 'any',
  source: 'CPython; Go runtime; .NET; PHP; Ruby; glibc; Linux; Windows',
  rules: [
    {
      text: /object has no attribute|nil pointer|null reference|object reference not set|member function .{0,80} on null|undefined method|index out of (?:range|bounds)|list index|keyerror|serialize a bigint|bigint value can't|proxy that has been revoked|nonetype|is not subscriptable|unsupported operand|unexpected keyword argument|missing \d+ required positional|array to string conversion|invalid (?:array|typed array) length|reduce of empty array|invalid left-hand side|is not extensible|private (?:field|member|method)|called on (?:null|undefined)|must be called|not a constructor|panic: |segmentation fault|stack overflow|recursion (?:depth|limit)/,
      dependencies: ['app', 'process', 'redis', 'postgres', 'nats', 'http'],
      kind: 'programming_bug',
      why: 'The code has a bug: the same call fails again.',
      example: 'invalid memory address or nil pointer dereference',
    },
    {
      text: /process\.env\.\w+|environment variables? |env(?:ironment)? var|bad option|invalid option|missing (?:\w+ ){0,2}(?:secret|setting|option|config)|no (?:\w+ ){0,2}(?:secret|setting) (?:provided|set|found)|must be (?:set|configured|provided) in|(?:secret|key|password|url) must be (?:set|provided|configured)/,
      dependencies: ['app', 'process'],
      kind: 'configuration_error',
      why: 'A setting is missing or wrong.',
      example: 'bad option: --foo',
    },
    {
      text: /no matching (?:message|event) handler/,
      dependencies: ['app', 'http'],
      kind: 'no_responders',
      transient: false,
      strategy: 'ESCALATE',
      why: 'The remote service runs, but has no handler for this: another version or a typing error.',
      example: 'There is no matching message handler defined in the remote service.',
      source: 'NestJS, packages/microservices',
    },
    {
      text: /loading shared libraries|cannot open shared object|symbol not found|undefined symbol|dlopen|no such module|failed to load (?:native|module|plugin|external)|cannot find native|glibc|was built for|unsupported (?:engine|platform|architecture)|cannot execute binary/,
      dependencies: ['app', 'process', 'filesystem', 'postgres', 'redis', 'kubernetes'],
      kind: 'image_or_deploy_failure',
      why: 'The build lacks a library or was made for something else.',
      example: 'error while loading shared libraries: libvips.so.42',
    },
    {
      text: /resource temporarily unavailable|^killed$|out of memory|oom[ -]kill|not enough memory|memory limit|insufficient memory|allocation (?:failed|failure)|heap (?:limit|space)|outofmemory/,
      dependencies: ['app', 'process'],
      kind: 'out_of_memory',
      why: 'The process or machine ran out of memory.',
      example: 'fork: Resource temporarily unavailable',
    },
    {
      text: /inotify|file watchers|descriptors?\b.{0,30}(?:limit|exhausted|exceeded)|too many open/,
      dependencies: ['app', 'process', 'filesystem', 'kubernetes', 'nats'],
      kind: 'too_many_open_files',
      why: 'No file descriptor or watch is free.',
      example: 'inotify watch limit reached',
    },
    {
      text: /not enough space|disk (?:is )?full|out of (?:disk )?space|no space|quota exceeded|insufficient (?:disk )?(?:space|storage)/,
      dependencies: ['filesystem', 'process', 'app', 'nats', 'kubernetes'],
      kind: 'disk_full',
      why: 'No room is left on the volume.',
      example: 'There is not enough space on the disk.',
    },
    {
      text: /(?:process|worker|child|container) (?:\S{1,40} )?(?:exited|stopped|terminated|crashed|died|was killed)|exit(?:ed)? (?:with )?(?:code|status) [1-9]|killed by signal|received sig(?:kill|term|segv|abrt)|core dumped/,
      dependencies: ['process', 'app', 'kubernetes'],
      kind: 'crash_loop',
      why: 'A process ended when it should run.',
      example: 'Worker stopped with exit code 134',
    },
    {
      text: /resource busy or locked|being used by another process|text file busy|lock file|could not acquire lock|file is locked/,
      dependencies: ['filesystem', 'process', 'app'],
      kind: 'lock_timeout',
      why: 'Somebody else holds the file.',
      example: 'The file is locked: being used by another process',
    },
    {
      text: /(?:timed? ?out|timeout) (?:has occurred|of|after|exceeded)|promise timed out/,
      kind: 'timeout',
      why: 'It took longer than allowed.',
      example: 'Promise timed out after 5000 milliseconds',
    },
  ],
};
