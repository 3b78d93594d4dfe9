// First import of the entry, before Zod is loaded: its faster parser is made by `new Function`, which the policy of the pages
// forbids. Setting it by Zod's own `config()` would put Zod into the first chunk.
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
