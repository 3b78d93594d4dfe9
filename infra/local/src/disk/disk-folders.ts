import { type Layout } from '../files/layout.ts';
import { outsideFolder } from '../servers/postgres-home.ts';

/** The folders whose disks the portal needs; some may not exist. */
export const diskFolders = (layout: Layout): string[] => {
  const { local, logs, mail, backups, data, gatewayJournal, healerState, run, root } = layout;
  return [
    ...[local, logs, mail, backups, gatewayJournal, healerState, run],
    ...[data.nats, data.redis, data.postgres, outsideFolder(layout), root],
  ];
};
