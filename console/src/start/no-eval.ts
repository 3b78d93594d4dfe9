// Must be the first import of the entry, before Zod: Zod's faster parser uses `new Function`, which the
// policy of the pages forbids. Zod's own `config()` would put Zod into the first chunk.
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
