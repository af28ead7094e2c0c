"""One file a lesson: reads widgets, calls core, shows what it got."""
