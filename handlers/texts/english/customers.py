"""English: what customers read."""

WORDS: dict[str, str] = {
    "customer.received": "Thanks, we've got it (#{number}). Somebody will answer you here.",
    "customer.file_too_large": "Sorry, that file is too large for me: I can take files of up to {megabytes} MB. Could you send a smaller one, or a link to it?",
    "customer.resolved": "We have marked your request #{number} as resolved. If something is still open, just write here again.",
    "customer.welcome": "Hello {name}! Just write here what you need – text, photo or voice – and our team will answer you.",
    "customer.help": "Just write what you need and our team will answer you here.\n\n{commands}",
    "customer.unknown_command": "I don't know {command}. Just write in your own words what you need, and our team will answer you here. You can also use:\n\n{commands}",
    "customer.command_meant": "I don't know {command}. Did you mean {meant}? Or just write in your own words what you need, and our team will answer you here.",
    "customer.choose_language": "Which language shall we speak?",
    "customer.language_chosen": "From now on we speak English.",
    "customer.stopped": "You won't get any more news from us. We still answer when you write. /subscribe turns it on again.",
    "customer.subscribed": "You'll get our news again. /stop ends it at any time.",
    "menu.start": "Hello",
    "menu.help": "What you can do here",
    "menu.language": "English or 中文",
    "menu.stop": "No more news",
    "menu.subscribe": "Get news again",
}
