"""What comes after the win: yearly verification, the way into aftercare, and what is invested next."""
