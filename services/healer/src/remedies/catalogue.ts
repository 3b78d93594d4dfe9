import type { Platform } from '../platform/platform.ts';
import { ControlRequestRemedy } from './control-request.remedy.ts';
import { EndSessionRemedy, type SessionEnder } from './end-session.remedy.ts';
import { EnsureRunningRemedy } from './ensure-running.remedy.ts';
import type { InstanceControl } from './instance-control.ts';
import { ObserveOnlyRemedy } from './observe-only.remedy.ts';
import { PageHumanRemedy } from './page-human.remedy.ts';
import { RelieveDiskRemedy } from './relieve-disk.remedy.ts';
import type { RemedyCatalogue } from './remedy.ts';
import { ReplaceRemedy } from './replace.remedy.ts';
import { RestartRemedy } from './restart.remedy.ts';

/** Every remedy, by its name. */
export function remedyCatalogue(
  platform: Platform,
  control: InstanceControl,
  sessions: SessionEnder | null,
): RemedyCatalogue {
  return {
    'platform.ensure-running': new EnsureRunningRemedy(platform),
    'platform.restart': new RestartRemedy(platform),
    'platform.replace': new ReplaceRemedy(platform),
    'instance.reset-connections': new ControlRequestRemedy('instance.reset-connections', control),
    'instance.clear-cache': new ControlRequestRemedy('instance.clear-cache', control),
    'instance.drain-and-exit': new ControlRequestRemedy('instance.drain-and-exit', control),
    'postgres.end-statement': new EndSessionRemedy('postgres.end-statement', sessions),
    'postgres.end-session': new EndSessionRemedy('postgres.end-session', sessions),
    'disk.remove-temporary-files': new RelieveDiskRemedy('disk.remove-temporary-files', platform),
    'disk.compress-logs': new RelieveDiskRemedy('disk.compress-logs', platform),
    'disk.remove-old-logs': new RelieveDiskRemedy('disk.remove-old-logs', platform),
    'observe-only': new ObserveOnlyRemedy(),
    'page-human': new PageHumanRemedy(platform),
  };
}
