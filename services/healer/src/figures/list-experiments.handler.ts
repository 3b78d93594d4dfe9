import { HandleRequest } from '@gridworks/bus';
import { EXPERIMENTS, listExperiments, listPage, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ExperimentResults } from './experiment-results.ts';

@Controller()
export class ListExperimentsHandler {
  constructor(private readonly results: ExperimentResults) {}

  @HandleRequest(listExperiments)
  async list(): Promise<OutputOf<typeof listExperiments>> {
    const last = await this.results.last();
    const data = EXPERIMENTS.map(({ name, does, targets, blast_radius }) => ({
      object: 'experiment' as const,
      ...{ name, does, targets, blast_radius },
      results: last
        .filter((result) => result.experiment === name)
        .map(({ experiment: _name, ...result }) => result),
    }));
    return listPage(listExperiments, { has_more: false, data });
  }
}
