"""Leads on their way: stages and gates, the board, project facts, and who else counts a project."""
