"""Small clouds on loopback that speak the platforms' real protocols, and the page that shows them."""
