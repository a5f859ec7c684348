/** The id of a socket's session, as `hello` tells it: it sorts, and tells nothing of anybody else's. */
import { afterEach, expect, test } from "bun:test";
import { type House, house } from "../testing/seat.ts";

let here: House;
afterEach(() => here.dispose());

test("the ids of one person's sockets sort by which came first, and do not tell how many others came between", async () => {
  here = await house();
  const idOfOne = async (): Promise<string> => (await (await here.seat(here.bob)).heard("hello"))[0]?.session_id ?? expect.unreachable();
  const ids = [await idOfOne(), await idOfOne(), await idOfOne()];
  expect(ids.filter((id) => /^[0-9a-v]{26}$/u.test(id))).toEqual(ids);
  expect(ids.toSorted()).toEqual(ids);
  const lasts = ids.map((id) => Number.parseInt(id.slice(16), 32));
  expect(lasts.slice(1).map((last, i) => last - (lasts[i] ?? 0))).not.toContain(1);
});
