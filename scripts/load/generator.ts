/** The generator: a process of its own on a core of its own. Reads one job from the file named, says what it measured as one line of JSON. */
import { fanOut } from "./fan-out.ts";
import { ingest } from "./ingest.ts";
import type { Job, Measured } from "./job.ts";

const job: Job = await Bun.file(process.argv[2] ?? "").json();
console.log(JSON.stringify(await run(job)));
process.exit(0);

function run(job: Job): Promise<Measured> {
  switch (job.kind) {
    case "ingest":
      return ingest(job);
    case "fan-out":
      return fanOut(job);
    default:
      throw new Error(job.kind);
  }
}
