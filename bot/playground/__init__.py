"""Small clouds on loopback that speak the platforms' protocols, and a page that shows them."""
