/** What the kernel knows of a process and of its connections (Linux). */
import { readFileSync } from "node:fs";

/** Resident memory in bytes. */
export function memoryOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1_024;
}

/** Samples it until `stop`, which gives the largest. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = memoryOf(pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid));
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, memoryOf(pid));
    },
  };
}

/** One end of a TCP connection over IPv4: bytes written and not acknowledged, bytes that have come and were not read. Null when it is closed. */
export function endOf(port: number, peer: number): { sending: number; unread: number } | null {
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", remote = "", state, queues = ""] = line.trim().split(/\s+/u);
    if (portOf(local) !== port || portOf(remote) !== peer) continue;
    const [sending = "0", unread = "0"] = queues.split(":");
    return state === ESTABLISHED ? { sending: Number.parseInt(sending, 16), unread: Number.parseInt(unread, 16) } : null;
  }
  return null;
}

const ESTABLISHED = "01";
const portOf = (address: string): number => Number.parseInt(address.split(":")[1] ?? "", 16);
