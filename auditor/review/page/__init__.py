"""The local page on which people review: server-rendered, without a script, one person a login."""
