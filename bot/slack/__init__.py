"""Slack: how events come in, how replies look there, how they are sent."""
