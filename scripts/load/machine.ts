/** The machine's own books: who used how much of it, and what it is. Linux only, like the load. */
import { readFileSync, statfsSync } from "node:fs";
import { cpus, release } from "node:os";

const TICKS = 100; // USER_HZ, fixed on Linux

/** Seconds of processor time a process has used, all its threads together. */
export function cpuOf(pid: number): number {
  const fields = fieldsOf(readFileSync(`/proc/${pid}/stat`, "utf8"));
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The same of the process that `pid` descends from and of all that descend from it; for Postgres, which is a family. */
export function cpuOfFamily(postmaster: number): number {
  let sum = cpuOf(postmaster);
  for (const child of childrenOf(postmaster)) sum += tryCpu(child);
  const own = fieldsOf(readFileSync(`/proc/${postmaster}/stat`, "utf8"));
  return sum + (Number(own[13]) + Number(own[14])) / TICKS; // children that have ended
}

/** Seconds that all processors have worked since the machine started. */
export function cpuOfAll(): number {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "";
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] = line.split(/\s+/u).slice(1).map(Number);
  return (user + nice + system + irq + soft) / TICKS;
}

/** Bytes of memory a process holds. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1_024;
}

export const parentOf = (pid: number): number => Number(fieldsOf(readFileSync(`/proc/${pid}/stat`, "utf8"))[1]);

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** What a figure must be told with: processor, kernel, Bun, file system. */
export function machineHere(folder: string): string {
  const [first] = cpus();
  return [
    `${cpus().length} × ${first?.model ?? "?"}`,
    `Linux ${release()}`,
    `Bun ${Bun.version} (${Bun.revision.slice(0, 9)})`,
    fileSystemOf(folder),
  ].join(", ");
}

const FILE_SYSTEMS = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x01021994, "tmpfs"],
]);

function fileSystemOf(folder: string): string {
  const { type } = statfsSync(folder);
  return FILE_SYSTEMS.get(type) ?? `file system ${type.toString(16)}`;
}

function tryCpu(pid: number): number {
  try {
    return cpuOf(pid);
  } catch {
    return 0; // it has just ended
  }
}

/** From the state on: the name before it may hold blanks. */
const fieldsOf = (stat: string): string[] => stat.slice(stat.lastIndexOf(")") + 2).split(" ");
