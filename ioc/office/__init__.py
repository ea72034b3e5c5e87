"""What offices count: procedures with their terms, reporting periods, and figures with what they are made of."""
