"""The workspace that the local Slack shows: who is there, in which channels, and our app."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Mode = Literal["socket", "events"]


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    real_name: str
    email: str
    tz: str = "Europe/London"


PRIYA = Person("U0PRIYA", "priya", "Priya Raman", "priya@lumen.example")  # support lead
MARCO = Person("U0MARCO", "marco", "Marco Silva", "marco@lumen.example")  # support agent
HANA = Person("U0HANA", "hana", "Hana Sato", "hana@lumen.example")  # support agent
TOM = Person("U0TOM", "tom", "Tom Becker", "tom@lumen.example")  # customer-success manager
PEOPLE = (PRIYA, MARCO, HANA, TOM)

TEAM = "T0LUMEN"
APP = "A0WRAPUP"
BOT = "U0WRAPUP"
BOT_NAME = "wrapup"
BOT_TOKEN = "xoxb-local-slack"
APP_TOKEN = "xapp-local-slack"
SIGNING_SECRET = "local-slack-signing-secret"

SUPPORT = "C0SUPPORT"
SUCCESS = "C0SUCCESS"  # the bot is no member here


def config(mode: Mode, request_url: str | None) -> dict[str, Any]:
    """The local Slack's configuration, to be written as JSON.

    All that it knows (version 0.1.8): `workspace` (name, domain, teamId); `apps` (appId, botUserId, botName, botToken,
    appToken, signingSecret, mode `socket` | `events`, requestUrl); `users` (id, name, real_name, is_bot, email, tz);
    `channels` (id, name, is_channel, is_private, is_im, topic, purpose, members); `emojis` (name to image file).
    It has no titles or pictures of people (it draws initials), no user groups, and takes no list of commands (any
    `/word` goes to the app), shortcuts or scopes. An app hears of what happens where its bot is a member.
    """
    app = {
        "appId": APP,
        "botUserId": BOT,
        "botName": BOT_NAME,
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": mode,
        **({"requestUrl": request_url} if request_url else {}),
    }
    return {
        "workspace": {"name": "Lumen Support", "domain": "lumen", "teamId": TEAM},
        "apps": [app],
        "users": [asdict(person) for person in PEOPLE],
        "channels": [
            {
                "id": SUPPORT,
                "name": "support",
                "topic": "Calls worth a wrap-up",
                "members": [*(person.id for person in PEOPLE), BOT],
            },
            {"id": SUCCESS, "name": "customer-success", "topic": "Renewals", "members": [PRIYA.id, TOM.id]},
        ],
    }
