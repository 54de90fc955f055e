"""The emoji that a bot may react with, and the nearest one for those that it may not."""

from __future__ import annotations

# Bot API: ReactionTypeEmoji; without variation selectors, as Telegram writes them.
_ALLOWED = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 "
    "💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 "
    "🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
ALLOWED = frozenset(_ALLOWED.split())

_NEAREST = {
    "👌": "✅ ☑ ✔ 🆗 🗑 ↩ 🔄",
    "✍": "📝 🖊 ✏ 💾 📌 📎 🗒 📓 📥",
    "💔": "❌ ✖ 🚫 ⛔ 🛑 💥",
    "🤔": "❓ ❔ ⚠ ❗ 🔍 🔎",
    "👀": "⏰ ⏳ ⌛ 🕒 🔔 ⏱ 📅",
    "👍": "🙂 😀 😊 👋 🙌",
    "🎉": "🥳 ✨ 🎊",
}
_MAP = {emoji: to for to, others in _NEAREST.items() for emoji in others.split()}


def nearest(emoji: str, *, failed: bool = False) -> str:
    """An allowed emoji that says the same, as far as one does."""
    plain = emoji.replace("\ufe0f", "")
    if plain in ALLOWED:
        return plain
    return _MAP.get(plain, "💔" if failed else "👍")
