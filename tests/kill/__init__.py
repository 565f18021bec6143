"""Rapport as a process of its own, killed at any moment, and counted up afterwards."""
