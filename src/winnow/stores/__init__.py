"""Keys in, values out, at request time: users, recent events, what was seen. Leaves sit beside their Protocols."""
