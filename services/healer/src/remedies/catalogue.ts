import type { Platform } from '../platform/platform.ts';
import { ControlRequestRemedy } from './control-request.remedy.ts';
import { EnsureRunningRemedy } from './ensure-running.remedy.ts';
import type { InstanceControl } from './instance-control.ts';
import { ObserveOnlyRemedy } from './observe-only.remedy.ts';
import { PageHumanRemedy } from './page-human.remedy.ts';
import type { RemedyCatalogue } from './remedy.ts';
import { ReplaceRemedy } from './replace.remedy.ts';
import { RestartRemedy } from './restart.remedy.ts';

/** Every remedy, by its name. */
export function remedyCatalogue(platform: Platform, control: InstanceControl): RemedyCatalogue {
  return {
    'platform.ensure-running': new EnsureRunningRemedy(platform),
    'platform.restart': new RestartRemedy(platform),
    'platform.replace': new ReplaceRemedy(platform),
    'instance.reset-connections': new ControlRequestRemedy('instance.reset-connections', control),
    'instance.clear-cache': new ControlRequestRemedy('instance.clear-cache', control),
    'instance.drain-and-exit': new ControlRequestRemedy('instance.drain-and-exit', control),
    'observe-only': new ObserveOnlyRemedy(),
    'page-human': new PageHumanRemedy(),
  };
}
