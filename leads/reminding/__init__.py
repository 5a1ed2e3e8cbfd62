"""What is told to whom, by which way, and proof of it: reminders, deliveries, their words and their rooms."""
