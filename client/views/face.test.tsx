import { afterEach, expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { cleanup, render } from "@testing-library/preact";
import { drawn } from "../testing/page.tsx";
import { testHouse } from "../testing/house.ts";
import { sitting } from "../testing/sitting.ts";
import { Face } from "./face.tsx";
import { nameOf } from "./names.ts";
import { StatusSign } from "./status-sign.tsx";

afterEach(cleanup);

const coming = () => signal("");

test("what is new of one person is drawn anew where that person stands, and nowhere else", async () => {
  const { app } = await sitting(testHouse());
  const times = { ann: 0, bob: 0 };
  const Row = ({ id }: { id: "ann" | "bob" }) => {
    times[id] += 1;
    return (
      <p>
        <Face app={app} id={id} name={nameOf(app, id)} />
        {nameOf(app, id)} <StatusSign user={app.people.of(id).value} />
      </p>
    );
  };
  const person = (id: string) => ({ id, username: id, display_name: id, role: "member", kind: "person" }) as const;
  app.people.meet([person("ann"), person("bob")]);
  const { container } = render(
    <>
      <Row id="ann" />
      <Row id="bob" />
    </>,
  );
  await drawn();
  const before = { ...times };
  app.people.meet([{ ...person("bob"), status: { emoji: "🎣", text: "Mending nets" } }]);
  await drawn();
  expect(container.querySelector("p + p [role=img]")?.getAttribute("title")).toBe("Mending nets");
  expect([times.ann, times.bob]).toEqual([before.ann, before.bob + 1]);
});

test("a face is the generated one until its picture has come, in the same place; taken away it is again", async () => {
  const { app } = await sitting(testHouse());
  const user = { id: "zoe", username: "zoe", display_name: "Zoe Quay", role: "member", kind: "person" } as const;
  const picture = coming();
  Object.assign(app.faces, { of: (id: string) => (id === "file-1" ? picture : expect.unreachable()) });
  app.people.meet([{ ...user, avatar_id: "file-1" }]);
  const { container } = render(<Face app={app} id="zoe" name="Zoe Quay" />);
  await drawn();
  expect([container.textContent, container.querySelector("img")]).toEqual(["ZQ", null]);
  picture.value = "blob:here";
  await drawn();
  expect([container.textContent, container.querySelector("img")?.getAttribute("src")]).toEqual(["ZQ", "blob:here"]);
  app.people.meet([user]);
  await drawn();
  expect(container.querySelector("img")).toBeNull();
});
