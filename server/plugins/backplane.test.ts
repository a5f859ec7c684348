import { expect, test } from "bun:test";
import { openBackplane } from "../../docs/plugins/hub-backplane.ts";
import { bell, describeBackplane, earAt, row } from "../backplane/backplane.contract.ts";

const freePort = (): number => {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port = 0 } = server;
  void server.stop(true);
  return port;
};
const pair = async () => {
  const address = `127.0.0.1:${freePort()}`;
  const [here, there] = [await openBackplane(address), await openBackplane(address)];
  return { address, here, there, dispose: async () => void (await Promise.all([here.close(), there.close()])) };
};

describeBackplane("an example of a plugin's", pair);

test("when the hub ends, another takes its place and all look for themselves; what is rung then is heard", async () => {
  const { address, here, there, dispose } = await pair();
  const third = await openBackplane(address);
  const [second, last] = [earAt(there), earAt(third)];
  await here.close();
  while (second.lost === 0 || last.lost === 0) {
    await Promise.all([there.tend(), third.tend()]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  there.ring(bell([row(1, "afterwards")]));
  await last.until(({ revs }) => revs.includes(1));
  expect(last.bells).toEqual([bell([row(1, "afterwards")])]);
  await third.close();
  await dispose();
});
