/** Posts at fixed times, whatever became of those before; each is measured from its scheduled time until its last hearer has it. */
import { openDelivery } from "./delivery.ts";
import type { Job, Measured } from "./job.ts";
import { startPace } from "./pace.ts";
import { takeSample } from "./sample.ts";

export async function latency({ target, sender, hearers, per_second, span }: Extract<Job, { kind: "latency" }>): Promise<Measured> {
  const delivery = await openDelivery({ target, sender, hearers }, (ms) => {
    sample.took(ms);
    sample.count(1);
  });
  const sample = takeSample(target, span);
  const pace = startPace(per_second, delivery.post);
  const measured = await Promise.race([sample.over, delivery.failed]);
  await pace.stop();
  return { ...measured, ...(await delivery.end()), more: {} };
}
