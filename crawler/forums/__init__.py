"""Forum APIs, one module each: their JSON flows in, threads with their reply trees flow out. Pure."""
