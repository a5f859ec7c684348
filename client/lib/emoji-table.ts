/** Emoji by name: what is looked up where one is written, sought or told. */
export type EmojiTable = {
  /** The one that is called so in the page's language or in English, and how it is told and shown where its English name stands between colons. */
  written(name: string): { sign: string; called: string; title: string } | undefined;
  /** What is suggested to who writes, in the usual order: as it is shown, what it inserts, and the words that find it. */
  offers: readonly { label: string; sign: string; words: readonly string[] }[];
  /** What each is called in the page's language; empty in English, which the names between colons are. */
  called: ReadonlyMap<string, string>;
};

/** Emoji in the language of `own`, whose names are written as the table is; without it in English. */
export function tableOf(own: { names: string } | false = false): EmojiTable {
  const names = new Map(own ? entriesOf(own.names) : []);
  const all = entriesOf(emoji);
  const called = new Map([...names].map(([sign, [name = sign]]) => [sign, name]));
  const signs = new Map<string, string>();
  for (const [sign, english] of all) {
    for (const name of [...english, ...(names.get(sign) ?? [])]) if (!signs.has(name)) signs.set(name, sign);
  }
  return {
    written(name) {
      const sign = signs.get(name.toLowerCase());
      return sign === undefined ? undefined : { sign, called: called.get(sign) ?? name.replaceAll("_", " "), title: called.get(sign) ?? `:${name}:` };
    },
    offers: all.flatMap(([sign, english]) => {
      const [name, ...more] = names.get(sign) ?? [];
      if (name !== undefined) return [{ label: name, sign, words: [name, ...more, ...english] }];
      return english.map((one) => ({ label: `:${one}:`, sign, words: [one] }));
    }),
    called,
  };
}

const entriesOf = (written: string): [string, string[]][] =>
  written.split(/; |\n/u).map((entry) => {
    const [sign = "", ...names] = entry.split(" ");
    return [sign, names];
  });

/** Emoji, each with the names it is found by, the usual one first. */
const emoji = `😀 grinning; 😃 smiley; 😄 smile happy; 😁 grin; 😆 laughing satisfied; 😅 sweat_smile; 🤣 rofl; 😂 joy lol
🙂 slightly_smiling_face; 🙃 upside_down_face; 😉 wink; 😊 blush; 😇 innocent angel; 🥰 smiling_face_with_three_hearts
😍 heart_eyes; 🤩 star_struck; 😘 kissing_heart; 😋 yum; 😛 stuck_out_tongue; 😜 stuck_out_tongue_winking_eye
🤪 zany_face; 🤗 hugs; 🤭 hand_over_mouth; 🤫 shushing_face; 🤔 thinking think; 🤐 zipper_mouth_face; 🤨 raised_eyebrow
😐 neutral_face; 😑 expressionless; 😶 no_mouth; 😏 smirk; 😒 unamused; 🙄 roll_eyes; 😬 grimacing; 😌 relieved
😔 pensive; 😪 sleepy; 🤤 drooling_face; 😴 sleeping; 😷 mask; 🤒 face_with_thermometer; 🤕 face_with_head_bandage
🤢 nauseated_face; 🤮 vomiting_face; 🤧 sneezing_face; 🥵 hot_face; 🥶 cold_face; 🥴 woozy_face; 😵 dizzy_face
🤯 exploding_head; 🤠 cowboy_hat_face; 🥳 partying_face; 😎 sunglasses cool; 🤓 nerd_face; 🧐 monocle_face; 😕 confused
😟 worried; 🙁 slightly_frowning_face; 😮 open_mouth; 😯 hushed; 😲 astonished; 😳 flushed; 🥺 pleading_face
😦 frowning; 😨 fearful; 😰 cold_sweat; 😥 disappointed_relieved; 😢 cry; 😭 sob; 😱 scream; 😖 confounded
😞 disappointed; 😓 sweat; 😩 weary; 😫 tired_face; 🥱 yawning_face; 😤 triumph; 😡 rage pout; 😠 angry; 🤬 cursing_face
😈 smiling_imp; 💀 skull; 💩 poop shit; 🤡 clown_face; 👻 ghost; 👽 alien; 🤖 robot; 😺 smiley_cat; 🙈 see_no_evil
🙉 hear_no_evil; 🙊 speak_no_evil; 💋 kiss; 💌 love_letter; 💘 cupid; 💖 sparkling_heart; 💗 heartpulse; 💔 broken_heart
❤️ heart love; 🧡 orange_heart; 💛 yellow_heart; 💚 green_heart; 💙 blue_heart; 💜 purple_heart; 🖤 black_heart
🤍 white_heart; 💯 100; 💢 anger; 💥 boom collision; 💫 dizzy; 💦 sweat_drops; 💨 dash; 💬 speech_balloon
💭 thought_balloon; 💤 zzz; 👋 wave hello bye; 🤚 raised_back_of_hand; ✋ hand raised_hand; 🖖 vulcan_salute
👌 ok_hand; 🤏 pinching_hand; ✌️ v victory; 🤞 crossed_fingers; 🤟 love_you_gesture; 🤘 metal; 🤙 call_me_hand
👈 point_left; 👉 point_right; 👆 point_up_2; 👇 point_down; ☝️ point_up; 👍 +1 thumbsup yes; 👎 -1 thumbsdown no
✊ fist; 👊 punch facepunch; 👏 clap; 🙌 raised_hands; 👐 open_hands; 🤲 palms_up_together; 🤝 handshake
🙏 pray thanks please; ✍️ writing_hand; 💅 nail_care; 🤳 selfie; 💪 muscle strong; 🧠 brain; 👀 eyes; 👁️ eye; 👅 tongue
👄 lips; 👶 baby; 🧒 child; 👩 woman; 👨 man; 🧑 person; 🧓 older_adult; 🙅 no_good; 🙆 ok_person; 💁 tipping_hand_person
🙋 raising_hand; 🙇 bow; 🤦 facepalm; 🤷 shrug; 👮 police_officer; 🕵️ detective; 👷 construction_worker; 🧙 mage
🧛 vampire; 🧟 zombie; 🏃 running run; 💃 dancer; 🕺 man_dancing; 🧘 lotus_position; 👪 family; 🐶 dog; 🐱 cat; 🐭 mouse
🐰 rabbit; 🦊 fox_face; 🐻 bear; 🐼 panda_face; 🐨 koala; 🐯 tiger; 🦁 lion; 🐮 cow; 🐷 pig; 🐸 frog; 🐵 monkey_face
🐔 chicken; 🐧 penguin; 🐦 bird; 🦆 duck; 🦉 owl; 🐺 wolf; 🐴 horse; 🦄 unicorn; 🐝 bee; 🐛 bug; 🦋 butterfly; 🐌 snail
🐞 lady_beetle; 🐢 turtle; 🐍 snake; 🦎 lizard; 🐙 octopus; 🦀 crab; 🐠 tropical_fish; 🐬 dolphin; 🐳 whale; 🦈 shark
🐘 elephant; 🦔 hedgehog; 🐾 paw_prints; 💐 bouquet; 🌸 cherry_blossom; 🌹 rose; 🌻 sunflower; 🌱 seedling
🌲 evergreen_tree; 🌵 cactus; 🍀 four_leaf_clover luck; 🍁 maple_leaf; 🍂 fallen_leaf; 🍄 mushroom; 🍇 grapes
🍉 watermelon; 🍊 tangerine orange; 🍋 lemon; 🍌 banana; 🍍 pineapple; 🍎 apple; 🍐 pear; 🍒 cherries; 🍓 strawberry
🥝 kiwi_fruit; 🍅 tomato; 🥑 avocado; 🥦 broccoli; 🌽 corn; 🥕 carrot; 🥔 potato; 🍞 bread; 🥐 croissant; 🧀 cheese; 🥚 egg
🥓 bacon; 🍔 hamburger burger; 🍟 fries; 🍕 pizza; 🌭 hotdog; 🌮 taco; 🥗 green_salad; 🍝 spaghetti; 🍜 ramen; 🍣 sushi
🍦 icecream; 🍩 doughnut; 🍪 cookie; 🎂 birthday; 🍰 cake; 🧁 cupcake; 🍫 chocolate_bar; 🍿 popcorn; ☕ coffee; 🍵 tea
🧃 beverage_box; 🍺 beer; 🍻 beers; 🥂 clinking_glasses cheers; 🍷 wine_glass; 🍸 cocktail; 🍾 champagne
🍴 fork_and_knife; 🌍 earth_africa; 🌎 earth_americas; 🌏 earth_asia; 🗺️ world_map; 🏔️ mountain_snow
🏖️ beach_umbrella; 🏠 house home; 🏢 office; 🏥 hospital; 🏫 school; 🏭 factory; ⛺ tent; 🌉 bridge_at_night
🚂 steam_locomotive; 🚆 train; 🚌 bus; 🚑 ambulance; 🚒 fire_engine; 🚗 car; 🚕 taxi; 🚚 truck; 🚲 bike; 🛴 kick_scooter
✈️ airplane plane; 🚀 rocket ship_it; 🛸 flying_saucer; ⛵ sailboat; 🚢 ship; ⚓ anchor; 🚧 construction
🚦 traffic_light; 🗿 moyai; ⌛ hourglass; ⏰ alarm_clock; ⏱️ stopwatch; 🌙 crescent_moon; ☀️ sunny sun; ⭐ star
🌟 star2; 🌈 rainbow; ☁️ cloud; ⛅ partly_sunny; 🌧️ rain_cloud; ⛈️ thunder; ❄️ snowflake; ⛄ snowman; 🔥 fire lit
💧 droplet; 🌊 ocean; ⚡ zap; 🎃 jack_o_lantern; 🎄 christmas_tree; 🎆 fireworks; ✨ sparkles; 🎈 balloon; 🎉 tada party
🎊 confetti_ball; 🎁 gift; 🎗️ reminder_ribbon; 🎫 ticket; 🏆 trophy; 🏅 medal_sports; 🥇 1st_place_medal
🥈 2nd_place_medal; 🥉 3rd_place_medal; ⚽ soccer; 🏀 basketball; 🏈 football; ⚾ baseball; 🎾 tennis; 🏐 volleyball
🏓 ping_pong; ⛳ golf; 🎣 fishing_pole_and_fish; 🎿 ski; 🎯 dart target; 🎮 video_game; 🎲 game_die; 🧩 jigsaw puzzle
♟️ chess_pawn; 🎭 performing_arts; 🎨 art; 🧵 thread; 👓 eyeglasses; 👕 tshirt; 👖 jeans; 👟 athletic_shoe; 👑 crown
🎩 tophat; 💍 ring; 💎 gem; 🔇 mute; 🔊 loud_sound; 📢 loudspeaker; 📣 mega; 🔔 bell; 🔕 no_bell; 🎵 musical_note; 🎶 notes
🎤 microphone; 🎧 headphones; 🎸 guitar; 🎹 musical_keyboard; 🥁 drum; 📱 iphone phone; ☎️ telephone; 🔋 battery
🔌 electric_plug; 💻 computer laptop; 🖥️ desktop_computer; 🖨️ printer; ⌨️ keyboard; 💾 floppy_disk save; 💿 cd
🎥 movie_camera; 📷 camera; 📺 tv; 🔍 mag search; 💡 bulb idea; 🔦 flashlight; 📖 book; 📚 books; 📓 notebook
📰 newspaper; 🔖 bookmark; 💰 moneybag; 💳 credit_card; 🧾 receipt; ✉️ envelope; 📧 email; 📦 package; 📫 mailbox
📝 memo pencil; ✏️ pencil2; 🖊️ pen; 📁 file_folder; 📅 date calendar; 📈 chart_with_upwards_trend
📉 chart_with_downwards_trend; 📊 bar_chart; 📋 clipboard; 📌 pushpin pin; 📎 paperclip; 📏 straight_ruler
✂️ scissors; 🗑️ wastebasket trash; 🔒 lock; 🔓 unlock; 🔑 key; 🔨 hammer; 🛠️ hammer_and_wrench; 🔧 wrench
🔩 nut_and_bolt; ⚙️ gear; ⚖️ balance_scale; 🔗 link; 🧲 magnet; 🧪 test_tube; 🔬 microscope; 🔭 telescope; 💉 syringe
💊 pill; 🚪 door; 🛏️ bed; 🚿 shower; 🧹 broom clean; 🧻 roll_of_paper; 🛒 shopping_cart; ⚠️ warning; ⛔ no_entry
🚫 no_entry_sign; ☢️ radioactive; ⬆️ arrow_up; ➡️ arrow_right; ⬇️ arrow_down; ⬅️ arrow_left
🔄 arrows_counterclockwise; 🔙 back; 🔜 soon; ✅ white_check_mark check done; ☑️ ballot_box_with_check
✔️ heavy_check_mark; ❌ x; ❓ question; ❗ exclamation; ➕ heavy_plus_sign; ➖ heavy_minus_sign; ♻️ recycle
🔴 red_circle; 🟠 orange_circle; 🟡 yellow_circle; 🟢 green_circle; 🔵 blue_circle; 🟣 purple_circle; ⚫ black_circle
⚪ white_circle; 🏁 checkered_flag; 🚩 triangular_flag_on_post; 🏳️‍🌈 rainbow_flag; 🏴‍☠️ pirate_flag`;
