import type { Provider } from '@nestjs/common';
import { DecideIndexHandler } from './decide-index.handler.ts';
import { DueIndexesRepository } from './due-indexes.repository.ts';
import { IndexFactsRepository } from './index-facts.repository.ts';
import { IndexSuggestionRepository } from './index-suggestion.repository.ts';
import { IndexWorker } from './index-worker.ts';
import { ListIndexSuggestionsHandler } from './list-index-suggestions.handler.ts';
import { IndexLook } from './look-for-indexes.ts';

/** The handlers of suggested indexes. */
export const indexControllers = [ListIndexSuggestionsHandler, DecideIndexHandler];

/** What they need, the hourly look and the worker. Needs `Bus`, `Database`, `PauseRepository`, `CONFIG`, `LOGGER`. */
export const indexProviders: Provider[] = [
  IndexFactsRepository,
  IndexSuggestionRepository,
  DueIndexesRepository,
  IndexLook,
  IndexWorker,
];
