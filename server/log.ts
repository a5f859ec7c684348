/** One line per event, on standard error. Text a stranger chose is quoted as JSON, so it can neither begin a line nor hide one. */
import type { Log } from "./chat/chat.ts";

const levels = ["debug", "info", "warn", "error"] as const;
type Level = (typeof levels)[number];

export function createLog(options: { level: Level; format: "text" | "json"; now: () => number; write?: (line: string) => void }): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const least = levels.indexOf(options.level);
  const say = (level: Level, event: string, fields: Record<string, unknown> = {}): void => {
    if (levels.indexOf(level) < least) return;
    const time = new Date(options.now()).toISOString();
    if (options.format === "json") return write(`${JSON.stringify({ time, level, event, ...fields })}\n`);
    const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${time} ${level.padEnd(5)} ${event}${rest.join("")}\n`);
  };
  return {
    debug: (event, fields) => say("debug", event, fields),
    info: (event, fields) => say("info", event, fields),
    warn: (event, fields) => say("warn", event, fields),
    error: (event, fault, fields) => say("error", event, { ...fields, ...faultFields(fault) }),
  };
}

function faultFields(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { fault: String(fault) };
  const cause = fault.cause instanceof Error ? { cause: fault.cause.message } : {};
  return { fault: fault.message, ...cause, stack: fault.stack };
}
