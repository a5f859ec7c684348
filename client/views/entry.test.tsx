import { afterEach, expect, test } from "bun:test";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { ApiError } from "../lib/api-error.ts";
import * as looking from "../lib/looking.ts";
import { memoryStorage } from "../lib/storage.ts";
import { AppModel } from "../models/app.ts";
import { settled, testApi, testClock, testLink } from "../testing/outside.ts";
import { Page } from "./page.tsx";

await import("./entry-first.tsx"); // fetched late; here it is at hand

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const refused = (code: string, more: Partial<ApiError> = {}) =>
  Promise.reject(new ApiError({ code, retry: false, ...more } as ConstructorParameters<typeof ApiError>[0]));
const tokens = { access_token: "t", user: { id: "me" } };
const me = { id: "me", username: "me", display_name: "Me", role: "member", kind: "person", settings: {}, workspace: "Pier", registration: "invite" };

/** A stranger at this address, with what stood behind its #. */
async function arriving(path: string, secret: string, answers: Record<string, (path: string, body: unknown) => unknown>, unasked = false) {
  const clock = testClock();
  const link = testLink();
  const api = { ...testApi(answers), refresh: async () => false };
  const visited: string[] = [];
  const address = { read: () => path, takeSecret: () => secret, write: (to: string) => void visited.push(to) };
  const tabs = { id: "tab", alive: async () => () => false };
  const app = new AppModel({
    api,
    link,
    looking,
    storage: memoryStorage(),
    tabs,
    now: clock.now,
    newId: () => "client-id-of-000001",
    later: clock.later,
    address,
    history: { isNarrow: () => false, push: () => {}, back: () => {} },
    secure: true,
  });
  if (!unasked) await app.account.find();
  render(<Page app={app} />);
  await drawn();
  return { app, api, visited };
}
const drawn = async (): Promise<void> => {
  await settled();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await settled();
};
const fill = (values: Record<string, string>): void => {
  for (const [label, value] of Object.entries(values)) fireEvent.input(screen.getByLabelText(label), { target: { value } });
};
const press = async (name: string): Promise<void> => {
  const form = screen.getByRole("button", { name }).closest("form");
  if (form) fireEvent.submit(form);
  await drawn();
};
const heading = () => screen.getByRole("heading", { level: 1 }).textContent;

test("the first person gives the token of the link, makes the workspace and is in it", async () => {
  const { api, app } = await arriving("/setup", "the-token", {
    "GET /setup": () => ({ open: true }),
    "POST /setup": () => tokens,
    "GET /me": () => me,
  });
  expect(heading()).toBe("Set up your workspace");
  expect(screen.queryByLabelText("Setup token")).toBeNull();
  fill({ Workspace: "Pier", Username: "me", Password: "long enough" });
  await press("Make workspace");
  expect(api.asked.find(({ call }) => call === "POST /setup")?.body).toEqual({
    setup_token: "the-token",
    workspace: "Pier",
    username: "me",
    password: "long enough",
  });
  expect(app.account.state.value).toBe("signed_in");
  expect(app.place.secret.value).toBe("");
});

test("who lost the race for setup reads so and is led to sign-in", async () => {
  await arriving("/setup", "", { "GET /setup": () => ({ open: true }), "POST /setup": () => refused("not_found") });
  expect(screen.getByLabelText("Setup token")).toBeDefined();
  fill({ "Setup token": "x", Workspace: "Pier", Username: "me", Password: "long enough" });
  await press("Make workspace");
  expect(heading()).toBe("This workspace already has an owner.");
  expect(screen.getByRole("button", { name: "Sign in" })).toBeDefined();
});

test("an invitation names its workspace before it asks anything; one that does not open the door asks nothing", async () => {
  const door = { "GET /setup": () => refused("not_found") };
  await arriving("/join", "good", { ...door, "POST /invites/check": () => ({ workspace: "Pier", valid: true }) });
  expect(heading()).toBe("Join Pier");
  expect(screen.getByLabelText("Username")).toBeDefined();
  cleanup();
  await arriving("/join", "bad", { ...door, "POST /invites/check": () => ({ workspace: "", valid: false }) });
  expect(heading()).toBe("This invitation does not open the door. Ask for a new one.");
  expect(screen.queryByLabelText("Username")).toBeNull();
});

test("a wrong password and an unknown user are one sentence, and what was typed stays", async () => {
  await arriving("/r/room", "", { "GET /setup": () => refused("not_found"), "POST /auth/login": () => refused("unauthorized") });
  fill({ Username: "me", Password: "wrong" });
  await press("Sign in");
  expect(screen.getByRole("alert").textContent).toBe("That username and password do not belong together.");
  expect(screen.getByLabelText<HTMLInputElement>("Username").value).toBe("me");
});

test("signing in leads to the address that was asked for", async () => {
  const { app, visited } = await arriving("/r/room", "", {
    "GET /setup": () => refused("not_found"),
    "POST /auth/login": () => tokens,
    "GET /me": () => me,
  });
  expect(app.place.screen.value).toBe("sign-in");
  fill({ Username: "me", Password: "right" });
  await press("Sign in");
  expect(app.place.screen.value).toBe("room");
  expect(visited).toEqual([]);
});

test("a refused field is named, marked and focused", async () => {
  const register = () => refused("invalid", { fields: ["password"] });
  await arriving("/join", "good", {
    "GET /setup": () => refused("not_found"),
    "POST /invites/check": () => ({ workspace: "Pier", valid: true }),
    "POST /auth/register": register,
  });
  fill({ Username: "bob", Password: "password" });
  await press("Create account");
  expect(screen.getByRole("alert").textContent).toContain("8 characters at least");
  expect(document.activeElement === screen.getByLabelText("Password")).toBe(true);
  expect(screen.getByLabelText("Password").getAttribute("aria-invalid")).toBe("true");
});

test("who was signed in here sees the frame of the page before it is known who they are, and a stranger sees nothing of it", async () => {
  const stranger = await arriving("/r/room", "", {}, true);
  expect(screen.queryByRole("navigation")).toBeNull();
  cleanup();
  localStorage.setItem("snug-here", "yes");
  const { app, api } = await arriving("/r/room", "", {}, true);
  expect(screen.getByRole("navigation", { name: "Rooms" })).toBeDefined();
  expect(document.querySelectorAll(".skeleton")).toHaveLength(2);
  expect(screen.queryByText("Write to somebody")).toBeNull();
  expect([stranger.api.asked, api.asked]).toEqual([[], []]);
  await app.account.find(); // and is found to be signed out
  await drawn();
  expect(screen.queryByRole("navigation")).toBeNull();
  expect(heading()).toBe("Sign in");
  expect(localStorage.getItem("snug-here")).toBeNull();
});
