"""How we are connected to the world."""
