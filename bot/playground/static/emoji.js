// The short names of Slack's emoji that people and apps really use, and their characters.

const NAMED = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|heart ❤️|smile 😄|grinning 😀|smiley 😃|joy 😂|wink 😉|blush 😊|slightly_smiling_face 🙂
thinking_face 🤔|cry 😢|sob 😭|disappointed 😞|worried 😟|angry 😠|rage 😡|open_mouth 😮|sunglasses 😎|heart_eyes 😍|relieved 😌
tada 🎉|party_popper 🎉|fire 🔥|rocket 🚀|star ⭐|star2 🌟|sparkles ✨|zap ⚡|boom 💥|100 💯|clap 👏|pray 🙏|raised_hands 🙌|wave 👋
ok_hand 👌|muscle 💪|point_right 👉|point_left 👈|point_up 👆|point_down 👇|eyes 👀|handshake 🤝|raising_hand 🙋|writing_hand ✍️
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|exclamation ❗|question ❓
information_source ℹ️|rotating_light 🚨|red_circle 🔴|large_orange_circle 🟠|orange_circle 🟠|yellow_circle 🟡|large_yellow_circle 🟡
large_green_circle 🟢|green_circle 🟢|large_blue_circle 🔵|blue_circle 🔵|white_circle ⚪|black_circle ⚫|purple_circle 🟣|large_purple_circle 🟣
bell 🔔|no_bell 🔕|alarm_clock ⏰|stopwatch ⏱️|hourglass ⌛|hourglass_flowing_sand ⏳|clock1 🕐|clock3 🕒|clock9 🕘|calendar 📅|date 📅|spiral_calendar_pad 🗓️
ticket 🎫|admission_tickets 🎟️|memo 📝|pencil 📝|pencil2 ✏️|notebook 📓|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|label 🏷️
email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|mailbox 📫|telephone_receiver 📞|phone ☎️|iphone 📱|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|mega 📣|loudspeaker 📢
bust_in_silhouette 👤|busts_in_silhouette 👥|office 🏢|house 🏠|globe_with_meridians 🌐|earth_africa 🌍|airplane ✈️|truck 🚚|package 📦|shopping_trolley 🛒|gift 🎁
moneybag 💰|money_with_wings 💸|credit_card 💳|dollar 💵|euro 💶|pound 💷|yen 💴|receipt 🧾|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|trophy 🏆|dart 🎯
bulb 💡|mag 🔍|wrench 🔧|hammer_and_wrench 🛠️|gear ⚙️|key 🔑|lock 🔒|unlock 🔓|shield 🛡️|wastebasket 🗑️|recycle ♻️|arrows_counterclockwise 🔄|repeat 🔁|heavy_plus_sign ➕|heavy_minus_sign ➖
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_lower_right ↘️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|fast_forward ⏩|double_vertical_bar ⏸️|black_square_for_stop ⏹️|arrow_forward ▶️
zzz 💤|sleeping 😴|coffee ☕|sunny ☀️|sunrise 🌅|crescent_moon 🌙|snowflake ❄️|umbrella ☔|seedling 🌱|herb 🌿|robot_face 🤖|ghost 👻|skull 💀|broken_heart 💔|green_heart 💚|blue_heart 💙
camera 📷|microphone 🎤|studio_microphone 🎙️|headphones 🎧|movie_camera 🎥|musical_note 🎵|file_folder 📁|open_file_folder 📂|page_facing_up 📄|books 📚|newspaper 📰|bookmark 🔖|test_tube 🧪|bug 🐛
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|new 🆕|free 🆓|ok 🆗|sos 🆘|cn 🇨🇳|gb 🇬🇧|us 🇺🇸|de 🇩🇪
`;

const BY_NAME = new Map(
  NAMED.trim()
    .split(/[|\n]/)
    .map((pair) => pair.split(" ")),
);

/** The character for a short name, also with a skin tone behind it; undefined when we know none. */
export const emoji = (name) => BY_NAME.get(name.split("::")[0]);

export const QUICK = ["white_check_mark", "eyes", "ticket", "+1", "heart", "tada", "pray", "x"];
export const TELEGRAM_QUICK = ["👍", "❤", "🔥", "🙏", "😁", "👎"];
