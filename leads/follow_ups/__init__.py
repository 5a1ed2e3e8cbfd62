"""What is to be done next: promises, the steps of cadences, whose they are, and what ends them."""
