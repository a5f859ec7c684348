/**
 * One line per event, on standard error. What a stranger chose is quoted as JSON, so it can neither begin a line nor hide one. Never fails: a log
 * that throws would turn a fault into two. Whoever logs names the fields, and never one that holds a secret or a message's text.
 */
import type { Log } from "./chat/chat.ts";

const levels = ["debug", "info", "warn", "error"] as const;

export type LogOptions = {
  level: (typeof levels)[number];
  format: "text" | "json";
  now: () => number;
  write?: (line: string) => void;
};

export function createLog({ level: least, format, now, write = (line) => void process.stderr.write(line) }: LogOptions): Log {
  const say = (level: LogOptions["level"], event: string, fields: Record<string, unknown> = {}): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    const time = new Date(now()).toISOString();
    if (format === "json") return write(`${quoted({ time, level, event, ...fields })}\n`);
    const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${quoted(value)}`);
    write(`${time} ${level.padEnd(5)} ${event}${rest.join("")}\n`);
  };
  return {
    debug: (event, fields) => say("debug", event, fields),
    info: (event, fields) => say("info", event, fields),
    warn: (event, fields) => say("warn", event, fields),
    error: (event, fault, fields) => say("error", event, { ...fields, ...faultFields(fault) }),
  };
}

const CAUSES = 8; // deeper than anything nests; a bound against a cycle

function faultFields(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { fault: String(fault) };
  const causes: string[] = [];
  for (let at = fault.cause; at instanceof Error && causes.length < CAUSES; at = at.cause) causes.push(at.message);
  return { fault: fault.message, ...(causes.length > 0 && { causes }), stack: fault.stack };
}

/** JSON escapes line feeds; the two other line ends of Unicode, and the controls a terminal obeys beyond ASCII's, are escaped here. */
function quoted(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "null";
    return text.replace(/[\u007f-\u009f\u2028\u2029]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  } catch {
    return '"(cannot be written down)"';
  }
}
