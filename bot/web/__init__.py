"""The one HTTP server: health, and the platforms' webhooks."""
