/** One sender, many hearers, so many posts in flight: the next is sent when one has been delivered to all. */
import { openDelivery } from "./delivery.ts";
import type { Job, Measured } from "./job.ts";
import { rested } from "./rest.ts";
import { takeSample } from "./sample.ts";

export async function fanOut({ target, sender, hearers, in_flight, span }: Extract<Job, { kind: "fan-out" }>): Promise<Measured> {
  let over = false;
  const delivery = await openDelivery({ target, sender, hearers }, (ms) => {
    sample.took(ms);
    sample.count(hearers.length);
    rested(() => {
      if (!over) delivery.post();
    });
  });
  const sample = takeSample(target, span);
  for (let i = 0; i < in_flight; i += 1) delivery.post();
  const measured = await Promise.race([sample.over, delivery.failed]);
  over = true;
  return { ...measured, ...(await delivery.end()), more: {} };
}
