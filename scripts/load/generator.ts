/** The generator: a process of its own on a core of its own. Reads one job from the file named, says what it measured as one line of JSON. */
import { catchUp } from "./catch-up.ts";
import { openSink } from "./extended.ts";
import { fanOut } from "./fan-out.ts";
import { idle } from "./idle.ts";
import { ingest } from "./ingest.ts";
import type { Job, Measured } from "./job.ts";
import { latency } from "./latency.ts";
import { reads } from "./reads.ts";
import { xmppFanOut } from "./xmpp.ts";

const job: Job = await Bun.file(process.argv[2] ?? "").json();
const sink = job.target.sink === null ? null : openSink(job.target.sink);
const measured = await run(job);
console.log(JSON.stringify({ ...measured, more: { ...measured.more, ...(sink && { webhook_heard: sink.heard() }) } }));
process.exit(0);

function run(job: Job): Promise<Measured> {
  if (job.kind === "ingest") return ingest(job);
  if (job.kind === "fan-out") return job.target.speaks === "xmpp" ? xmppFanOut(job) : fanOut(job);
  if (job.kind === "latency") return latency(job);
  if (job.kind === "idle") return idle(job);
  if (job.kind === "reads") return reads(job);
  return catchUp(job);
}
