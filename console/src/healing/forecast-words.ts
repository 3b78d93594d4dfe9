import type { Forecast } from '@gridworks/sdk';

/** The resources in words, before the name of their component. */
export const RESOURCE_WORDS: Readonly<Record<Forecast['resource'], string>> = {
  disk: 'Disk of',
  memory: 'Memory of',
  connections: 'Connections of',
  stream: 'Room for events in',
};

/** One of them, and several, as they are counted. */
const COUNTED: Readonly<Record<Forecast['resource'], readonly [string, string]>> = {
  disk: ['the disk of one machine', 'disks of machines'],
  memory: ['the memory of one process', 'processes’ memories'],
  connections: ['the connections of one pool', 'pools of connections'],
  stream: ['the room for events', 'streams of events'],
};

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** `1.2 of 4.0 GiB`, `3 of 10`. */
export function usedOf({ now, limit, unit }: Pick<Forecast, 'now' | 'limit' | 'unit'>): string {
  if (unit === 'count') return `${now} of ${limit}`;
  const [size, name] = limit >= 10 * GIB ? [GIB, 'GiB'] : [MIB, 'MiB'];
  return `${Math.round(now / size)} of ${Math.round(limit / size)} ${name}`;
}

export const percentOf = ({ now, limit }: Pick<Forecast, 'now' | 'limit'>): string =>
  `${Math.round((100 * now) / limit)} %`;

/** `Watched: the disk of one machine, 6 processes’ memories.` */
export function watchedSentence(all: readonly Pick<Forecast, 'resource'>[]): string {
  const parts = (Object.keys(COUNTED) as Forecast['resource'][]).flatMap((resource) => {
    const count = all.filter((one) => one.resource === resource).length;
    if (count === 0) return [];
    const [one, several] = COUNTED[resource];
    return [count === 1 ? one : `${count} ${several}`];
  });
  if (parts.length === 0)
    return 'Monitor has received no figures yet: it watches disks, memory, connections and the room for events.';
  return `Watched: ${parts.join(', ')}.`;
}

/** What is used most, by its share; undefined when nothing is watched. */
export const fullest = (all: readonly Forecast[]): Forecast | undefined =>
  [...all].sort((a, b) => b.now / b.limit - a.now / a.limit)[0];
