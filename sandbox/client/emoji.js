// Common shortcodes. Slack has thousands; one that is not here is shown as its text.
const TABLE = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", fire: "🔥", fire_engine: "🚒", rotating_light: "🚨",
  warning: "⚠️", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", no_entry: "⛔",
  no_entry_sign: "🚫", octagonal_sign: "🛑", question: "❓", grey_question: "❔", exclamation: "❗", bangbang: "‼️",
  red_circle: "🔴", large_orange_circle: "🟠", orange_circle: "🟠", large_yellow_circle: "🟡", yellow_circle: "🟡",
  large_green_circle: "🟢", green_circle: "🟢", large_blue_circle: "🔵", blue_circle: "🔵", large_purple_circle: "🟣",
  white_circle: "⚪", black_circle: "⚫", large_red_square: "🟥", large_orange_square: "🟧", large_yellow_square: "🟨",
  large_green_square: "🟩", large_blue_square: "🟦", small_blue_diamond: "🔹", small_orange_diamond: "🔸",
  clock1: "🕐", clock3: "🕒", clock9: "🕘", alarm_clock: "⏰", stopwatch: "⏱️", timer_clock: "⏲️", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", watch: "⌚", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", bell: "🔔", no_bell: "🔕",
  loudspeaker: "📢", mega: "📣", speech_balloon: "💬", thought_balloon: "💭", memo: "📝", pencil: "📝", pencil2: "✏️",
  clipboard: "📋", pushpin: "📌", round_pushpin: "📍", link: "🔗", paperclip: "📎", books: "📚", book: "📖", bookmark: "🔖",
  page_facing_up: "📄", scroll: "📜", newspaper: "📰", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", mag: "🔍", bulb: "💡", wrench: "🔧", hammer_and_wrench: "🛠️", gear: "⚙️", lock: "🔒",
  unlock: "🔓", key: "🔑", shield: "🛡️", bug: "🐛", boom: "💥", zap: "⚡", rocket: "🚀", ship: "🚢", anchor: "⚓", sos: "🆘",
  telephone_receiver: "📞", phone: "☎️", pager: "📟", email: "📧", satellite_antenna: "📡", globe_with_meridians: "🌐",
  computer: "💻", desktop_computer: "🖥️", floppy_disk: "💾", package: "📦", truck: "🚚", construction: "🚧",
  checkered_flag: "🏁", triangular_flag_on_post: "🚩", trophy: "🏆", medal: "🏅", crown: "👑", star: "⭐", tada: "🎉",
  heart: "❤️", blue_heart: "💙", pray: "🙏", clap: "👏", wave: "👋", raised_hands: "🙌", raising_hand: "🙋", muscle: "💪",
  ok_hand: "👌", point_right: "👉", point_up: "☝️", handshake: "🤝", slightly_smiling_face: "🙂", smile: "😄", joy: "😂",
  thinking_face: "🤔", sob: "😭", scream: "😱", sweat_smile: "😅", face_with_monocle: "🧐", sleeping: "😴", zzz: "💤", coffee: "☕",
  robot_face: "🤖", firefighter: "🧑‍🚒", technologist: "🧑‍💻", male_detective: "🕵️", bust_in_silhouette: "👤",
  busts_in_silhouette: "👥", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄",
  repeat: "🔁", information_source: "ℹ️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", new: "🆕", ok: "🆗", one: "1️⃣", two: "2️⃣",
  three: "3️⃣", sunrise: "🌅", sunny: "☀️", crescent_moon: "🌙", night_with_stars: "🌃", snowflake: "❄️", white_large_square: "⬜",
  black_square_for_stop: "⏹️", arrow_forward: "▶️", double_vertical_bar: "⏸️", label: "🏷️", test_tube: "🧪", stethoscope: "🩺",
};

export const COMMON = ["+1", "eyes", "white_check_mark", "pushpin", "fire", "tada", "heart", "pray", "rotating_light", "memo", "clap", "x"];

export function emoji(name) {
  return Object.hasOwn(TABLE, name) ? TABLE[name] : null;
}

export const emojiOrText = (name) => emoji(name.split("::")[0]) ?? `:${name}:`;
