import type { Platform } from '../platform/platform.ts';
import { ClearCacheRemedy } from './clear-cache.remedy.ts';
import { DrainAndExitRemedy } from './drain-and-exit.remedy.ts';
import { EnsureRunningRemedy } from './ensure-running.remedy.ts';
import type { InstanceControl } from './instance-control.ts';
import { ObserveOnlyRemedy } from './observe-only.remedy.ts';
import { PageHumanRemedy } from './page-human.remedy.ts';
import type { RemedyCatalogue } from './remedy.ts';
import { ResetConnectionsRemedy } from './reset-connections.remedy.ts';
import { RestartRemedy } from './restart.remedy.ts';

/** Every remedy that there is, by its name. */
export function remedyCatalogue(platform: Platform, control: InstanceControl): RemedyCatalogue {
  return {
    'platform.ensure-running': new EnsureRunningRemedy(platform),
    'platform.restart': new RestartRemedy(platform),
    'instance.reset-connections': new ResetConnectionsRemedy(control),
    'instance.clear-cache': new ClearCacheRemedy(control),
    'instance.drain-and-exit': new DrainAndExitRemedy(control),
    'observe-only': new ObserveOnlyRemedy(),
    'page-human': new PageHumanRemedy(),
  };
}
