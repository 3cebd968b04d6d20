"""Building what the studio's pages bring along, and taking their pictures."""
