"""An investor comes and is shown the region."""
