import { DISK_USE } from '@gridworks/contracts';
import { fullestDisk, usedShare } from '@gridworks/runtime';
import { bad, good, type ProbeResult, unknown } from './probe.ts';

/** The healer's own reading of the disks of these folders: good when the fullest is below the limit of the way back. */
export async function probeDisk(folders: readonly string[]): Promise<ProbeResult> {
  const disk = await fullestDisk(folders);
  if (!disk) return unknown('no disk could be measured');
  const used = usedShare(disk);
  const text = `${Math.round(used * 100)} % of the disk of ${disk.folder} is used`;
  return used < DISK_USE.eased ? good(text) : bad(text);
}
