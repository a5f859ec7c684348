import { openStore } from "./open.ts";
import { describeStore } from "./store.contract.ts";
import { testStore } from "../server/testing/store.ts";

for (const dialect of ["sqlite", "postgres"] as const) {
  describeStore(dialect, async () => {
    const { store, url, dispose } = await testStore(dialect);
    return { store, dispose, again: () => openStore(url, { postgres: { allow_unsafe_durability: true, pool: 2 } }) };
  });
}
