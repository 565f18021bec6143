"""Telegram: how updates come in, how replies look there, how they are sent."""
