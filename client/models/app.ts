/** Builds the other models from the outside world they are given, and holds what belongs to none of them alone. */
import { action, computed, createModel, effect, signal } from "@preact/signals";
import type { Limits, Message, ServerFrame } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { forgetDrafts } from "../lib/drafts.ts";
import { loadEmoji } from "../lib/emoji.ts";
import type { Storage, Tabs } from "../lib/storage.ts";
import { forgetKept, keep, kept, outlasting } from "../lib/kept.ts";
import { forgetPlace } from "../lib/places.ts";
import { saidIn } from "../lib/said.ts";
import { strings } from "../lib/strings.ts";
import type { Link } from "../link.ts";
import { AccountModel } from "./account.ts";
import { createAcks } from "./acks.ts";
import { ActsModel } from "./acts.ts";
import { CompletionModel } from "./completion.ts";
import { createDeeds } from "./deeds.ts";
import { DevicesModel } from "./devices.ts";
import { DirectoryModel } from "./directory.ts";
import { createFaces } from "./faces.ts";
import { FilesModel } from "./files.ts";
import { FreshModel } from "./fresh.ts";
import { createGaze, type GazeParts } from "./gaze.ts";
import { createIdle } from "./idle.ts";
import { type LayerHistory, LayersModel } from "./layers.ts";
import { createMoves } from "./moves-part.ts";
import { createReceipts } from "./receipts-part.ts";
import { NamesModel } from "./names.ts";
import { createNews } from "./news.ts";
import { NoticeModel } from "./notice.ts";
import { NotificationsModel } from "./notifications.ts";
import { NotifyModel } from "./notify.ts";
import { OutboxModel } from "./outbox.ts";
import { OutsidersModel } from "./outsiders.ts";
import { PeopleModel } from "./people.ts";
import { PicksModel } from "./picks.ts";
import { type Address, PlaceModel } from "./place.ts";
import { QuietModel } from "./quiet.ts";
import { QuotesModel } from "./quotes.ts";
import { ReachModel } from "./reach.ts";
import { type MyRoom, RoomsModel } from "./rooms.ts";
import { roomNameFor, titleFor } from "./room-names.ts";
import { SettingsModel } from "./settings.ts";
import { settle } from "./settling.ts";
import { SidebarModel } from "./sidebar.ts";
import { SpeechModel } from "./speech.ts";
import { SpokenModel } from "./spoken.ts";
import { createStream } from "./stream.ts";
import { ThreadsModel } from "./threads.ts";
import { SwitcherModel } from "./switcher.ts";
import { TimelinesModel } from "./timelines.ts";
import { TodayModel } from "./today.ts";

export type Parts = {
  api: Api;
  link: Link;
  storage: Storage;
  tabs: Tabs;
  now(): number;
  newId(now: number): string;
  later(ms: number, run: () => void): () => void;
  address: Address;
  history: LayerHistory;
  looking: Pick<GazeParts, "isLooking" | "onLook">;
  /** Whether the connection is encrypted, or goes no further than this machine. */
  secure: boolean;
};
export type App = InstanceType<typeof AppModel>;

const UNKNOWN_LIMITS: Limits = { content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, frame_bytes: 65_536, file_bytes: 104_857_600 };

export const AppModel = createModel((parts: Parts) => {
  const { api, link, later } = parts;
  const account = new AccountModel(api);
  const place = new PlaceModel(parts.address, account);
  const rooms = new RoomsModel(api, later);
  const people = new PeopleModel(api, later, parts.now);
  const faces = createFaces(api, later);
  const names = new NamesModel(rooms, people, loadEmoji);
  const directory = new DirectoryModel(rooms, people, account, later);
  const completionFor = () => new CompletionModel({ names, rooms, people, myId: () => account.me.peek()?.id ?? "" });
  const completion = completionFor();
  const outsiders = new OutsidersModel({ names, people, rooms, myId: () => account.me.peek()?.id ?? "" });
  const picks = new PicksModel(people, account);
  const reach = new ReachModel(link, later);
  const settings = new SettingsModel(account);
  const speech = new SpeechModel();
  const notifications = new NotificationsModel();
  const devices = new DevicesModel(api);
  const sidebar = new SidebarModel(rooms, place.room_id);
  const layers = new LayersModel(parts.history);
  const fresh = new FreshModel(api);
  const idle = createIdle(parts);
  const { today } = new TodayModel(parts);
  const naming = { account, people };
  const gaze = createGaze({ ...parts, ...parts.looking, room_id: place.room_id });
  const quiet = new QuietModel({ settings: settings.settings, now: parts.now, later });
  const notify = new NotifyModel({
    isQuiet: quiet.isNow,
    sound: ({ message }) => void (settings.settings.peek().sound && import("../lib/sound.ts").then(({ chimeOnce }) => chimeOnce(message.id))),
    isReading: gaze.isOn,
    myId: () => myId(),
    titleOf: ({ sender, room }) => (room.type === "dm" ? sender.display_name : strings.notice_title(sender.display_name, titleFor(naming, room))),
    textOf: ({ message }) => (settings.settings.peek().preview ? message.content || saidIn(message) : strings.notice_bare),
    open: ({ message }) => place.go(`/r/${message.room_id}/${message.seq}`),
  });
  const switcher = new SwitcherModel({ account, rooms, people, directory, now: parts.now, nameOf: (room) => roomNameFor(naming, room) });
  const timelines = new TimelinesModel({ api, link, people, later, myId: () => account.me.peek()?.id ?? "" });
  const acks = createAcks({ api, link, rooms, later });
  const outbox = new OutboxModel({ ...parts, before: acks.before, stored: (room_id, message) => answered(room_id, message) });
  const held = ({ room_id, id }: Pick<Message, "room_id" | "id">) =>
    timelines
      .of(room_id)
      ?.stored.peek()
      .find((message) => message.id === id);
  const quotes = new QuotesModel({ api, held, meet: people.meet });
  const moves = createMoves({ api, meet: people.meet });
  const receipts = createReceipts({ api, find: people.find, now: parts.now });
  const threads = new ThreadsModel({ api, meet: people.meet, layers });
  const acts = new ActsModel();
  const spoken = new SpokenModel(later);
  const limits = signal<Limits>(UNKNOWN_LIMITS);
  const { notice, say, attempt } = new NoticeModel(later);
  const files = new FilesModel({ api, say, now: parts.now, myId: () => account.me.peek()?.id ?? "", limits: () => limits.peek() });
  const seen_welcome = signal(false);

  const room = computed((): MyRoom | null => rooms.rooms.value.get(place.room_id.value ?? "") ?? null);
  const timeline = computed(() => timelines.held.value.get(place.room_id.value ?? "") ?? null);
  const myId = (): string => account.me.value?.id ?? "";

  /** A row that came as an answer: of use at once, though the stream tells it too. */
  const answered = action((room_id: string, message: Message): void => {
    timelines.of(room_id)?.merge(message);
    threads.heard(message);
    quotes.heard(message);
    if (rooms.message(message, myId())) acks.own(room_id, message.seq);
  });
  const limited = action((told: Limits): void => {
    limits.value = told;
  });
  const forget = action((): void => {
    const all = [timelines, rooms, people, faces, directory, devices, switcher, acks, quotes, threads, moves, receipts, acts, files, completion];
    for (const one of [...all, notifications]) one.forget();
    outsiders.leave();
    say(null);
  });

  /** Put out by somebody: their screen goes on to where they were before, unless something unsent lies here to be copied. */
  const putOut = action((gone: MyRoom): void => {
    say(strings.no_longer_in(titleFor(naming, gone)));
    const isHere = place.room_id.value === gone.id;
    if (isHere && outbox.pending.value.every(({ room_id }) => room_id !== gone.id)) place.goOn("/");
  });

  effect(() =>
    link.on(
      "frame",
      createNews(rooms, myId, (news) => {
        notify.hear(news);
        if (news.room.id === place.room_id.peek() && settings.settings.peek().speak)
          spoken.hear(news.sender.display_name, news.message.content || saidIn(news.message));
      }),
    ),
  );
  const reset = (room_id: string): void => {
    threads.reset(room_id);
    moves.forget();
  };
  effect(() =>
    link.on(
      "frame",
      createStream({
        account,
        rooms,
        people,
        directory,
        timelines,
        outbox,
        acks,
        quotes,
        threads: { heard: threads.heard, began: threads.began, reset },
        moved: moves.heard,
        seen: receipts.heard,
        myId,
        limited,
        putOut,
      }),
    ),
  );
  effect(() => link.on("frame", notifications.hear));
  effect(() =>
    link.on("reach", (next) => {
      if (next.state !== "open") people.unknown();
      else {
        idle.begun();
        void fresh.look();
      }
      if (next.state === "ended") account.end(next.why === "revoked" ? "ended" : next.why === "disabled" ? "disabled" : "outdated");
    }),
  );
  const user_id = computed(() => (account.state.value === "signed_in" ? (account.me.value?.id ?? null) : null));
  effect(() => {
    if (user_id.value === null) return undefined;
    void outbox.begin(user_id.value);
    keep("here", "yes");
    link.start();
    return () => {
      link.stop();
      outbox.rest();
      forget();
    };
  });
  settle({ account, place, rooms, people, reach, switcher, layers, room, timeline, myId, spoken, acks, timelines, later });

  return {
    ...createDeeds({ api, link, rooms, place, timelines, acks, answered }),
    account,
    place,
    rooms,
    people,
    faces,
    names,
    directory,
    completion,
    /** For another field to write in. */
    completionFor,
    outsiders,
    picks,
    reach,
    seen_welcome,
    settings,
    speech,
    devices,
    sidebar,
    layers,
    fresh,
    today,
    notifications,
    notify,
    quiet,
    switcher,
    outbox,
    quotes,
    threads,
    /** Who came and went, once a room of several people has been opened. */
    moves,
    /** Who has read what, where the workspace lets it be told. */
    receipts,
    files,
    acts,
    spoken,
    room,
    timeline,
    limits,
    /** For what is fetched late and has models of its own. */
    api: () => api,
    answered,
    /** For parts that come late. Returns what ends it. */
    onFrame: (hear: (frame: ServerFrame) => void): (() => void) => link.on("frame", hear),
    later,
    /** What went wrong last, in words; null when nothing did or it was read. */
    notice,
    isSecure: () => parts.secure,
    /** Whether somebody was signed in when this browser was last here: their page may be begun before it is known who they are. */
    wasHere: () => kept("here") !== "",
    say,
    seeWelcome(): void {
      seen_welcome.value = true;
    },
    attempt,
    /** Somebody touched the page. */
    touched: idle.touch,
    seen: acks.seen,
    flushAcks: acks.flushAll,
    /** The network or the reader is back: whatever waits for its next try tries now. */
    hurry(): void {
      if (account.state.value === "offline") return void account.find();
      link.hurry();
      outbox.hurry();
    },
    /** What this person left in this browser goes before the sign-in does; the other tabs hear it by their sockets. */
    async signOut(): Promise<void> {
      forgetDrafts(myId());
      forgetKept(myId());
      forgetPlace();
      await outbox.forget();
      await outlasting(account.signOut);
      place.go("/sign-in");
    },
  };
});
