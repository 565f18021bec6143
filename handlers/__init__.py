"""What we do when somebody says something."""
