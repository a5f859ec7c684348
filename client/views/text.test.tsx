import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { chinese } from "../lib/chinese.ts";
import { speak } from "../lib/language.ts";
import { settled } from "../testing/outside.ts";
import { drawn as drawnAll } from "../testing/page.tsx";
import { sitting } from "../testing/sitting.ts";
import { Text } from "./text.tsx";

afterEach(() => {
  cleanup();
  speak("en");
});

const drawn = async (content: string) => {
  const seat = await sitting();
  const { container } = render(<Text app={seat.app} content={content} />);
  await settled();
  return { ...seat, container };
};

test("what was meant is drawn as nodes, each block in its own direction, and links open elsewhere and tell nothing", async () => {
  const { container } = await drawn("**bold** [pier](https://pier.example)\n\n> quoted\n\n- one\n\n```\ncode\n```");
  expect(container.querySelector("strong")?.textContent).toBe("bold");
  const link = container.querySelector("a");
  expect([link?.getAttribute("href"), link?.rel, link?.target]).toEqual(["https://pier.example/", "noopener noreferrer nofollow", "_blank"]);
  expect([...container.querySelectorAll("p")].every((block) => block.getAttribute("dir") === "auto")).toBe(true);
  expect(container.querySelector("pre")?.textContent).toBe("code");
});

test("a quote or list stands on the side from which its words are read", async () => {
  const sides = async (content: string) => {
    const { container } = await drawn(content);
    return [...container.querySelectorAll("blockquote, ul, ol")].map((block) => block.getAttribute("dir"));
  };
  expect(await sides("> quoted\n\n- **שלום** all\n- one\n\n1. 7")).toEqual(["ltr", "rtl", "auto"]);
});

test("tags, handlers and scripts are words", async () => {
  const hostile = `<img src=x onerror="alert(1)"> <script>alert(2)</script> [go](javascript:alert(3))`;
  const { container } = await drawn(hostile);
  expect(container.textContent).toBe(hostile);
  expect(container.querySelector("img, script, a")).toBeNull();
});

test("a mention is drawn as the name it means, marked when it is mine, and a stranger's stays as typed", async () => {
  const { container, app } = await drawn("@bob. and @me, not @stranger");
  expect(container.textContent).toBe("@bob. and @me, not @stranger");
  app.people.meet([{ id: "bob", username: "bob", display_name: "Bob Pier", role: "member", kind: "person" }]);
  app.people.meet([{ id: "me", username: "me", display_name: "Me", role: "member", kind: "person" }]);
  await settled();
  expect(container.textContent).toBe("@Bob Pier. and @Me, not @stranger");
  expect([...container.querySelectorAll(".text__mention")].map((one) => one.getAttribute("data-mine"))).toEqual(["false", "true"]);
});

test("an emoji's name is drawn as the emoji once their table is here, and an unknown one stays as typed", async () => {
  const { container, app } = await drawn(":tada: :nothing_of_the_kind:");
  await app.names.needEmoji();
  await settled();
  expect(container.textContent).toBe("🎉 :nothing_of_the_kind:");
  expect(told(container)).toEqual(["tada", ":tada:"]);
});

test("in Chinese it is called by its Chinese name, and only what has a meaning for everybody is drawn as an emoji", async () => {
  speak("zh", chinese);
  const { container, app } = await drawn(":thumbsup: :赞:");
  await app.names.needEmoji();
  await settled();
  expect(container.textContent).toBe("👍 :赞:");
  expect(told(container)).toEqual(["赞", "赞"]);
});

const told = (container: Element): (string | null | undefined)[] =>
  ["aria-label", "title"].map((name) => container.querySelector("[role=img]")?.getAttribute(name));

test("code is copied by its button, and the button says so", async () => {
  const copied: string[] = [];
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: async (text: string) => void copied.push(text) } });
  await drawn("```\nlet a;\n```");
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  await settled();
  expect(copied).toEqual(["let a;"]);
  expect(screen.getByRole("button", { name: "Copied" })).toBeDefined();
});

test("a text that fails to be drawn is shown as it was typed", async () => {
  const { app } = await sitting();
  const names = Object.defineProperty({ ...app.names }, "persons", {
    get: () => {
      throw new Error("a fault of ours");
    },
  });
  const { container } = render(<Text app={{ ...app, names }} content="**dear** @ann" />);
  await settled();
  expect(container.textContent).toBe("**dear** @ann");
});

test("a fence that names its language is there at once and painted when its colours have come, with the same characters; another stays plain", async () => {
  const program = 'const pier = "<img src=x onerror=alert(1)>"; // one';
  const { container } = await drawn(`\`\`\`ts\n${program}\n\`\`\`\n\n\`\`\`\n${program}\n\`\`\``);
  expect(container.querySelector("pre")?.textContent).toBe(program);
  await import("./painted.tsx");
  await drawnAll();
  const [painted, plain] = container.querySelectorAll("pre");
  expect([painted?.textContent, painted?.querySelector("[data-paint=keyword]")?.textContent]).toEqual([program, "const"]);
  expect([plain?.querySelector(".painted"), container.querySelector("img")]).toEqual([null, null]);
});

test("the name of somebody leads to who they are, by a click and by a key; everybody's leads nowhere", async () => {
  const { container, app } = await drawn("@bob and @room");
  app.people.meet([{ id: "bob", username: "bob", display_name: "Bob Pier", role: "member", kind: "person" }]);
  await settled();
  const [bob, all] = container.querySelectorAll(".text__mention");
  if (!bob || !all) throw new Error("nobody is named");
  fireEvent.click(bob);
  expect(app.directory.shown.value).toBe("bob");
  app.directory.show("me");
  expect(fireEvent.keyDown(bob, { key: "Enter" })).toBe(false);
  expect(app.directory.shown.value).toBe("bob");
  expect([bob.getAttribute("role"), all.getAttribute("role")]).toEqual(["button", null]);
});

test("emoji by themselves are drawn larger, beside words they are not", async () => {
  const isLarge = async (content: string): Promise<boolean> => (await drawn(content)).container.querySelector("[data-large]") !== null;
  expect([await isLarge("🎉"), await isLarge("👍🏽 👩‍💻 🇩🇪 ❤️"), await isLarge(":tada: 🎉")]).toEqual([true, true, true]);
  expect([await isLarge("🎉 yes"), await isLarge("1"), await isLarge("**🎉**"), await isLarge("🎉\n\n- 🎉")]).toEqual([false, false, false, false]);
});
