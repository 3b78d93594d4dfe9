import { CreateHealingTables1795262401000 } from './0001-create-healing-tables.ts';
import { CreateHealingPatterns1795348801000 } from './0002-create-healing-patterns.ts';
import { CreateHealingVerdicts1795348802000 } from './0003-create-healing-verdicts.ts';
import { OrderHealingLists1795608001000 } from './0004-order-healing-lists.ts';
import { IndexHealingFigures1795910401000 } from './0005-index-healing-figures.ts';
import { CreateDeadLetters1795996801000 } from './0006-create-dead-letters.ts';
import { CreateIndexSuggestions1796083201000 } from './0007-create-index-suggestions.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [
  CreateHealingTables1795262401000,
  CreateHealingPatterns1795348801000,
  CreateHealingVerdicts1795348802000,
  OrderHealingLists1795608001000,
  IndexHealingFigures1795910401000,
  CreateDeadLetters1795996801000,
  CreateIndexSuggestions1796083201000,
];
