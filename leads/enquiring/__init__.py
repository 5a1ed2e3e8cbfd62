"""Questions from outside: how they come in, who answers, and by when."""
