"""What was said: logged once with its people and promises, and shown on every line of time it belongs to."""
