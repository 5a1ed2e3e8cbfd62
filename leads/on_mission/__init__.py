"""A mission from the first letter to what came of it: asking, briefing, the floor, the pocket, the evening, the end."""
