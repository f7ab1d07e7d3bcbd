"""What may be told of many without telling of one: app/decisions/0029-region.md has the threats and the proof."""
