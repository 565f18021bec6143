"""Chinese: what customers read."""

WORDS: dict[str, str] = {
    "customer.received": "谢谢，我们收到了（#{number}）。会有同事在这里答复您。",
    "customer.file_too_large": "抱歉，这个文件太大了：我最多能收 {megabytes} MB。请发小一点的，或者发个链接。",
    "customer.resolved": "您的请求 #{number} 已标记为解决。如果还有问题，直接在这里写就行。",
    "customer.welcome": "您好，{name}！需要什么直接在这里写，文字、图片、语音都可以，我们的同事会答复您。",
    "customer.help": "需要什么直接写，我们的同事会在这里答复您。\n\n{commands}",
    "customer.unknown_command": "我不认识 {command}。需要什么，直接用您自己的话写，我们的同事会在这里答复您。也可以用：\n\n{commands}",
    "customer.command_meant": "我不认识 {command}。您是想用 {meant} 吗？也可以直接写您需要什么，我们的同事会在这里答复您。",
    "customer.choose_language": "我们用哪种语言交流？",
    "customer.language_chosen": "从现在起我们说中文。",
    "customer.stopped": "您不会再收到我们的推广消息。您来信我们仍会答复。/subscribe 可重新订阅。",
    "customer.subscribed": "您会重新收到我们的消息。随时可用 /stop 退订。",
    "menu.start": "您好",
    "menu.help": "这里能做什么",
    "menu.language": "English / 中文",
    "menu.stop": "退订推广消息",
    "menu.subscribe": "重新订阅",
}
