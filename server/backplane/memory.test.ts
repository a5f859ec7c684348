import { describeBackplane } from "./backplane.contract.ts";
import { createMemoryBackplane } from "./memory.ts";

describeBackplane("one process", async () => {
  const plane = createMemoryBackplane();
  return { here: plane, there: plane, dispose: () => plane.close() };
});
