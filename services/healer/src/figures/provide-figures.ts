import { ActionRepository } from './action.repository.ts';
import { CountHealingHandler } from './count-healing.handler.ts';
import { ExperimentResults } from './experiment-results.ts';
import { GetHealingStatsHandler } from './get-healing-stats.handler.ts';
import { GetHealingSummaryHandler } from './get-healing-summary.handler.ts';
import { GetScorecardHandler } from './get-scorecard.handler.ts';
import { ListExperimentsHandler } from './list-experiments.handler.ts';
import { ListHealingActionsHandler } from './list-healing-actions.handler.ts';
import { ListServiceIncidentsHandler } from './list-service-incidents.handler.ts';
import { ServiceIncidents } from './service-incidents.ts';
import { StatsRepository } from './stats.repository.ts';

export const figureControllers = [
  GetHealingStatsHandler,
  GetHealingSummaryHandler,
  CountHealingHandler,
  GetScorecardHandler,
  ListExperimentsHandler,
  ListHealingActionsHandler,
  ListServiceIncidentsHandler,
];
export const figureProviders = [ActionRepository, ExperimentResults, ServiceIncidents, StatsRepository];
